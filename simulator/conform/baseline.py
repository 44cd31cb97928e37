"""What a case changed at a station on the wire, and how it is put back, so that the next one begins alike.

Everything is noted from the tool's own CALLs and what the station agreed to. What was there before a variable
was set is asked for first; none of that is seen by the case.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from simulator.scenario.conversation import SeenFrame

Ask = Callable[[str, Mapping[str, Any]], Awaitable[Any]]
"""Sends a CALL that the case does not see; the answer's payload, None where there is none."""
ACCEPTED = "Accepted"
TAKEN = (ACCEPTED, "RebootRequired")
NAMED_BY = ("component", "variable", "attributeType")
PASSWORD = ("SecurityCtrlr", "BasicAuthPassword")


class CaseBaseline:
    """One case's changes. `password` is what a changed one is set back to."""

    def __init__(self, ask: Ask, password: str | None = None) -> None:
        self._ask = ask
        self._password = password
        self._before: dict[str, tuple[dict[str, Any], str]] = {}
        """Variables that were set, by their name: the request's own words, and the value of before."""
        self._set: dict[str, None] = {}
        self._reservations: dict[int, None] = {}
        self._profiles: dict[int, None] = {}
        self._out_of_service: dict[str, Any] = {}
        self._has_list = self._has_password = self._needs_boot = False

    async def before(self, action: str, payload: Mapping[str, Any]) -> None:
        """The tool is about to send this: ask for the values that it may change."""
        if action != "SetVariables":
            return
        for one in _list(payload, "setVariableData"):
            name = _name(one)
            if name in self._before or _is_password(one):
                continue
            wanted: dict[str, Any] = {key: one[key] for key in NAMED_BY if key in one}
            answer = await self._ask("GetVariables", {"getVariableData": [wanted]})
            for found in _list(answer, "getVariableResult"):
                if found.get("attributeStatus") == ACCEPTED and "attributeValue" in found:
                    self._before[name] = (wanted, str(found["attributeValue"]))

    def note(self, action: str, payload: Mapping[str, Any], answer: Any) -> None:
        """The station has answered it so."""
        status = answer.get("status") if isinstance(answer, Mapping) else None
        match action:
            case "SetVariables":
                self._note_variables(payload, answer)
            case "ReserveNow" if status == ACCEPTED:
                self._reservations[payload["id"]] = None
            case "SetChargingProfile" if status == ACCEPTED:
                self._profiles[payload["chargingProfile"]["id"]] = None
            case "RequestStartTransaction" if status == ACCEPTED and "chargingProfile" in payload:
                self._profiles[payload["chargingProfile"]["id"]] = None
            case "SendLocalList" if status == ACCEPTED:
                self._has_list = True
            case "ChangeAvailability" if status in (ACCEPTED, "Scheduled"):
                self._note_availability(payload)

    def _note_variables(self, payload: Mapping[str, Any], answer: Any) -> None:
        results = _list(answer, "setVariableResult")
        for one, result in zip(_list(payload, "setVariableData"), results, strict=False):
            if result.get("attributeStatus") not in TAKEN:
                continue
            self._needs_boot |= result["attributeStatus"] == "RebootRequired"
            if _is_password(one):
                self._has_password = True
            else:
                self._set[_name(one)] = None

    def _note_availability(self, payload: Mapping[str, Any]) -> None:
        place = payload.get("evse")
        if payload.get("operationalStatus") == "Inoperative":
            self._out_of_service[str(place)] = place
        else:
            self._out_of_service.pop(str(place), None)

    async def put_back(self, frames: list[SeenFrame]) -> None:
        """All of it; `frames` are those of the case. What the station refuses stays as it is."""
        for transaction_id in running_in(frames):
            await self._ask("RequestStopTransaction", {"transactionId": transaction_id})
        for number in self._reservations:
            await self._ask("CancelReservation", {"reservationId": number})
        for number in self._profiles:
            await self._ask("ClearChargingProfile", {"chargingProfileId": number})
        if self._has_list:
            await self._ask("SendLocalList", {"versionNumber": 1, "updateType": "Full"})
        if any(frame.action in ("Authorize", "TransactionEvent") for frame in frames):
            await self._ask("ClearCache", {})
        for place in self._out_of_service.values():
            back: dict[str, Any] = {"operationalStatus": "Operative"}
            await self._ask("ChangeAvailability", back | ({"evse": place} if place is not None else {}))
        await self._set_back()

    async def _set_back(self) -> None:
        for name in self._set:
            if name in self._before:
                wanted, value = self._before[name]
                await self._ask("SetVariables", {"setVariableData": [{**wanted, "attributeValue": value}]})
        if self._has_password and self._password is not None:
            component, variable = PASSWORD
            one = {"component": {"name": component}, "variable": {"name": variable}}
            await self._ask("SetVariables", {"setVariableData": [{**one, "attributeValue": self._password}]})


def running_in(frames: list[SeenFrame]) -> list[str]:
    """The transactions that were told of, and did not end."""
    running: dict[str, None] = {}
    for frame in frames:
        if frame.action != "TransactionEvent" or not isinstance(frame.payload, dict) or frame.kind != "call":
            continue
        transaction_id = frame.payload.get("transactionInfo", {}).get("transactionId")
        if frame.payload.get("eventType") == "Ended":
            running.pop(transaction_id, None)
        elif transaction_id is not None:
            running[transaction_id] = None
    return list(running)


def _list(holder: Any, name: str) -> list[dict[str, Any]]:
    found = holder.get(name, ()) if isinstance(holder, Mapping) else ()
    return [each for each in found if isinstance(each, dict)]


def _name(one: Mapping[str, Any]) -> str:
    return str((one.get("component"), one.get("variable"), one.get("attributeType")))


def _is_password(one: Mapping[str, Any]) -> bool:
    return str(one.get("variable", {}).get("name", "")).lower() == PASSWORD[1].lower()
