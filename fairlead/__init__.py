"""What everyone shares: tables, store, settings, access, scope, people, calendar, errors. Imports nothing of ours."""
