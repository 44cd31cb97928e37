"""The central system's own words: events, replies and commands, free of any OCPP version and of any I/O."""
