"""What is said between a station and its central system, once, free of any OCPP version and shaped like 2.1.

A module for each functional block of the protocol. `command` says what a command is; `catalogue` lists all.
"""
