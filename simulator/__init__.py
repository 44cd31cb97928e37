"""Charging stations in software: they meet a central system only on the wire."""
