"""Backups: what of `var/` is kept, copying it out of a running server, and back into an empty folder."""
