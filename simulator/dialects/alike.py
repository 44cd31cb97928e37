"""What a station says and hears alike in every version."""

from collections.abc import Callable, Mapping
from typing import Any

from ocppj.timestamps import time_from_wire, time_to_wire
from ocppj.vocabulary import RegistrationStatus
from simulator import commands as asked
from simulator import messages as told
from simulator.commands import Command
from simulator.dialects.dialect import WireCall

# --- Messages → requests ----------------------------------------------------------------------------------


def _beat(m: told.Beat) -> WireCall:  # noqa: ARG001 - table
    return WireCall("Heartbeat", {})


def _transfer(m: told.Transfer) -> WireCall:
    payload = {"vendorId": m.vendor_id, "messageId": m.message_id, "data": m.text}
    return WireCall("DataTransfer", {key: value for key, value in payload.items() if value is not None})


def _firmware(m: told.FirmwareReport) -> WireCall:
    return WireCall("FirmwareStatusNotification", {"status": m.status})


def _security(m: told.SecurityReport) -> WireCall:
    """2.0.1 A04; 1.6 has it from the security whitepaper (A04)."""
    return WireCall("SecurityEventNotification", {"type": m.type, "timestamp": time_to_wire(m.at)})


REQUESTS: Mapping[type[Any], Callable[[Any], WireCall | None]] = {
    told.Beat: _beat,
    told.Transfer: _transfer,
    told.FirmwareReport: _firmware,
    told.SecurityReport: _security,
}

# --- Responses → replies ----------------------------------------------------------------------------------


def registered(response: Any) -> told.Reply:
    """What the response to BootNotification says."""
    at, _ = time_from_wire(response.current_time)
    return told.Registered(RegistrationStatus(response.status), response.interval, at)


# --- Requests → commands ----------------------------------------------------------------------------------


def remote_stop(m: Any) -> Command:
    """The request has a name of its own in each version; 1.6 numbers transactions."""
    return asked.RemoteStop(str(m.transaction_id))


def _list_version(m: Any) -> Command:  # noqa: ARG001 - table
    return asked.ReadListVersion()


COMMANDS: Mapping[str, Callable[[Any], Command]] = {
    "GetLocalListVersion": _list_version,
}
