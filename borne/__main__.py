"""`python -m borne`."""

from borne.cli import main

main()
