"""The neutral words of scenarios: events, their fields, and the words that some fields can have.

An event is something that a station told the central system, together with the answer: one meaning in every
OCPP version. `readers` makes events of frames; docs/reference/scenarios.md lists what stands here.
"""

from datetime import datetime, timedelta

from ocppj.model import catalogue
from ocppj.model.authorization import CertificateStatus
from ocppj.model.reservations import ReservationEnd
from ocppj.timestamps import time_to_wire
from ocppj.vocabulary import AuthorizationStatus, ChargingState, ConnectorStatus, RegistrationStatus

COMMON_FIELDS: dict[str, str] = {
    "event": "its name; a pattern may stand here too",
    "at": "the time that the station told, as RFC 3339",
    "clock_error_s": "that time minus the central system's, in seconds",
    "refused": "the code, where the central system answered with a CALLERROR",
}

_TRANSACTION: dict[str, str] = {
    "transaction_id": "what both sides call it",
    "evse": "EVSE; of a 1.6 station its connector",
    "connector": "connector of the EVSE; 1 on a 1.6 station",
    "id_token": "who charges",
    "token_status": "the central system's verdict on the token",
    "charging_state": "Charging, EVConnected, SuspendedEV, SuspendedEVSE or Idle (2.x)",
    "trigger": "why it was sent (2.x)",
    "register_wh": "reading of the energy register",
    "charged_wh": "energy since the transaction's first reading",
    "power_w": "power",
    "seq_no": "sequence number (2.x)",
    "remote_start_id": "the remote start that it comes from (2.x)",
    "reservation_id": "the reservation that it uses up",
    "cost_micro": "the cost in the answer, in millionths of the currency (2.x)",
    "is_offline": "true where it happened while there was no connection (2.x)",
}

EVENTS: dict[str, dict[str, str]] = {
    "boot": {
        "vendor": "vendor",
        "model": "model",
        "serial": "serial number",
        "firmware": "firmware version",
        "reason": "why it started (2.x)",
        "iccid": "number of its SIM card",
        "imsi": "subscriber of its SIM card",
        "registration": "the answer: Accepted, Pending or Rejected",
        "interval_s": "the interval in the answer",
    },
    "heartbeat": {},
    "status": {
        "evse": "EVSE; 0 is the station itself (1.6)",
        "connector": "connector of the EVSE",
        "status": "Available, Occupied, Reserved, Unavailable or Faulted",
        "reported": "the word on the wire, such as 1.6's Preparing",
        "charging_state": "what the word says about a transaction (1.6)",
        "error": "error code, unless NoError (1.6)",
    },
    "authorize": {
        "id_token": "the token",
        "id_token_type": "its type",
        "token_status": "the central system's verdict",
        "certificate_status": "its verdict on the contract certificate, where there is one (2.x)",
    },
    "transaction started": _TRANSACTION,
    "transaction updated": _TRANSACTION,
    "transaction ended": _TRANSACTION | {"reason": "why it ended, in 2.x's words"},
    "meter": {
        "transaction_id": "of the transaction that runs there, if any",
        "evse": "EVSE; of a 1.6 station its connector",
        "register_wh": "reading of the energy register",
        "charged_wh": "energy since the transaction's first reading",
        "power_w": "power",
        "samples": "every value: measurand, value, unit, phase, location, context",
    },
    "data transfer": {
        "vendor_id": "vendor",
        "message_id": "message",
        "text": "content",
        "answer": "the status in the answer",
    },
    "firmware status": {"state": "what the update does"},
    "log status": {"state": "what the upload does"},
    "reservation ended": {
        "reservation_id": "its number",
        "end": "Expired, Removed or NoTransaction (2.x); 1.6 tells it with the status alone",
    },
    "security event": {"type": "its type", "tech_info": "details"},
    "report": {"request_id": "of the request", "seq_no": "number of the part", "is_last": "true in the last"},
}
"""Every event and its own fields; a field that a station did not tell is absent."""

WORDS: dict[str, frozenset[str]] = {
    "registration": frozenset(each.value for each in RegistrationStatus),
    "status": frozenset(each.value for each in ConnectorStatus),
    "charging_state": frozenset(each.value for each in ChargingState),
    "end": frozenset(each.value for each in ReservationEnd),
    "certificate_status": frozenset(each.value for each in CertificateStatus),
    "token_status": frozenset(each.value for each in AuthorizationStatus),
}
"""Fields with a closed set of words: any other word in a pattern is a typing error."""

COMMANDS = tuple(catalogue.COMMANDS)
"""The central system's commands (`POST /stations/{id}/commands/…`)."""

ROLE_FIELDS: dict[str, str] = {
    "id": "station id",
    "version": "OCPP version",
    "bound": "sim or wire",
    "mac": "MAC address (sim)",
    "vendor": "vendor (sim)",
    "model": "model (sim)",
    "serial": "serial number (sim)",
    "firmware": "firmware version (sim)",
}
"""What `${a.…}` can be, for a role `a`."""

RUN_FIELDS: dict[str, str] = {
    "run": "a text that no other run has, for names that must be new",
    "seed": "the run's seed",
    "turn": "number of the turn in a group that repeats, from 1",
    "now": "when the run began, as RFC 3339, UTC",
    "hour_ago": "an hour before",
    "in_5_min": "five minutes after",
}


def moments(began: datetime) -> dict[str, str]:
    """Of `RUN_FIELDS`, those that are times."""
    hour, few = timedelta(hours=1), timedelta(minutes=5)
    return {
        "now": time_to_wire(began),
        "hour_ago": time_to_wire(began - hour),
        "in_5_min": time_to_wire(began + few),
    }
