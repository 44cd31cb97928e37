"""OCPP-J over WebSocket, server and client, on `websockets`' Sans-I/O protocol and any asyncio transport."""
