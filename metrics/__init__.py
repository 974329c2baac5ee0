"""Frames → numbers: pure functions, one file per family of questions."""
