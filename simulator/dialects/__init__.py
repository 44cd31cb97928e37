"""A station's words in each OCPP version: the only part of the simulator that knows one."""
