"""Harbourline, an invented shipping-software company: generated from a seed, read like any other source."""
