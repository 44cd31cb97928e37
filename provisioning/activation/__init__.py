"""Brings a localized station to active: ordered steps, each read back, kept and resumable."""
