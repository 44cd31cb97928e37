"""What is said between a station and its central system, once, free of any OCPP version and shaped like 2.1.

A module for each functional block of the protocol. `command` says what a command is, `catalogue` lists all;
`messages` lists what stations send. 1.6 fits in: connector N is EVSE N, connector 1, and its numbers of
transactions are text.

`at` fields are the station's own time (aware UTC), or None where it gave none that can be read. Words of the
wire that no type of `ocppj.vocabulary` covers stay text.
"""
