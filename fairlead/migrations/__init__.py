"""Alembic's scripts: how a store comes from one schema to the next. `python -m fairlead.migrations` adds one."""
