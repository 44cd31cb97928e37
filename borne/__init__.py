"""Command line and wiring: builds a server or a simulator out of the other packages."""
