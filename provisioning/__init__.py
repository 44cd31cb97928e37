"""Leads every station from order to active, on top of the central system's ports."""
