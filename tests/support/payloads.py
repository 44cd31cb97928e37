"""Small valid payloads, by version where they differ."""

from typing import Any

AT = "2026-01-05T12:00:00Z"
START = {"connectorId": 1, "idTag": "A", "meterStart": 5, "timestamp": AT}
"""1.6 StartTransaction."""
EVENT = {
    "eventType": "Started",
    "timestamp": AT,
    "triggerReason": "CablePluggedIn",
    "seqNo": 0,
    "transactionInfo": {"transactionId": "t-1"},
}
"""2.x TransactionEvent."""
_STATUS_2X = {"timestamp": AT, "connectorStatus": "Available", "evseId": 1, "connectorId": 1}
STATUSES: dict[str, dict[str, Any]] = {
    "1.6": {"connectorId": 1, "errorCode": "NoError", "status": "Available"},
    "2.0.1": _STATUS_2X,
    "2.1": _STATUS_2X,
}
"""StatusNotification."""
