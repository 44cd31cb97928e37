"""The OCPP-J protocol 1.6, 2.0.1 and 2.1: frames, sessions, messages. No I/O outside `ocppj.aio`."""
