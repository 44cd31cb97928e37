"""OCPP-J over WebSocket: `OcppServer` and `connect` on the Sans-I/O protocol of `websockets`, on any asyncio transport."""
