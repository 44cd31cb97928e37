"""Scenario files (YAML), shipped as package data and found through `importlib.resources`."""
