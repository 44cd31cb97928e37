"""Generators: what is checked in and made from something else."""
