"""What a case changed at a station on the wire, and how it is put back, so that the next one begins alike.

Everything is noted from the CALLs of the tool and what the station agreed to; which CALL puts back which
is data (`put_back` of the preparations). What a variable was before it is set is asked for first. The case
sees none of that.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simulator.conform.replies import ReplyBook
from simulator.scenario.conversation import SeenFrame

SendUnseen = Callable[[str, Mapping[str, Any]], Awaitable[Any]]
"""Sends a CALL that the case does not see; the answer's payload, None where there is none."""
ACCEPTED = "Accepted"
TAKEN = (ACCEPTED, "RebootRequired")
AGREED = (ACCEPTED, "Scheduled")
NAMED_BY = ("component", "variable", "attributeType")
PASSWORD = ("SecurityCtrlr", "BasicAuthPassword")
ENDED = "Ended"


@dataclass(frozen=True, slots=True)
class PutBackRules:
    """CALLs as `{action, payload}`; `<request PATH>` in one is a member of the CALL that is put back."""

    calls: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By the action of the CALL that the station agreed to."""
    running: Mapping[str, Any] | None = None
    """For each transaction that goes on, by its events (`by`)."""
    tokens: Mapping[str, Any] | None = None
    """Where a token was presented, as messages (`by`) tell."""
    setter: str = ""
    getter: str = ""

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "PutBackRules":
        """From the data file."""
        variables = content.get("variables", {})
        return cls(
            content.get("calls", {}),
            content.get("running"),
            content.get("tokens"),
            variables.get("set", ""),
            variables.get("get", ""),
        )


class CaseBaseline:
    """One case's changes. `password` is what a changed one is set back to."""

    def __init__(self, rules: PutBackRules, send: SendUnseen, password: str | None = None) -> None:
        self._rules = rules
        self._send = send
        self._password = password
        self._book = ReplyBook({}, {}, lambda: "")
        self._before: dict[str, tuple[dict[str, Any], str]] = {}
        """Variables that were set, by their name: the request's own words, and the value of before."""
        self._set: dict[str, None] = {}
        self._undo: dict[str, tuple[str, Any]] = {}
        self._has_password = False

    async def before(self, action: str, payload: Mapping[str, Any]) -> None:
        """The tool is about to send this: ask for the values that it may change."""
        if action != self._rules.setter:
            return
        for one in _list(payload, "setVariableData"):
            name = _name(one)
            if name in self._before or _is_password(one):
                continue
            wanted: dict[str, Any] = {key: one[key] for key in NAMED_BY if key in one}
            answer = await self._send(self._rules.getter, {"getVariableData": [wanted]})
            for found in _list(answer, "getVariableResult"):
                if found.get("attributeStatus") == ACCEPTED and "attributeValue" in found:
                    self._before[name] = (wanted, str(found["attributeValue"]))

    def note(self, action: str, payload: Mapping[str, Any], answer: Any) -> None:
        """The station has answered it so."""
        if action == self._rules.setter:
            self._note_variables(payload, answer)
            return
        undo = self._rules.calls.get(action)
        status = answer.get("status") if isinstance(answer, Mapping) else None
        if undo is None or status not in AGREED:
            return
        wanted = self._book.filled(undo["payload"], payload)
        if not undo["payload"] or wanted:  # a request that lacks what is named changed nothing
            self._undo[f"{undo['action']} {wanted}"] = (undo["action"], wanted)

    def _note_variables(self, payload: Mapping[str, Any], answer: Any) -> None:
        results = _list(answer, "setVariableResult")
        for one, result in zip(_list(payload, "setVariableData"), results, strict=False):
            if result.get("attributeStatus") not in TAKEN:
                continue
            if _is_password(one):
                self._has_password = True
            else:
                self._set[_name(one)] = None

    async def put_back(self, frames: Sequence[SeenFrame]) -> None:
        """All of it; `frames` are those of the case. What the station refuses stays as it is."""
        running, tokens = self._rules.running, self._rules.tokens
        if running is not None:
            for begun in running_in(frames, running["by"]):
                await self._send(running["action"], self._book.filled(running["payload"], begun))
        for action, payload in self._undo.values():
            await self._send(action, payload)
        if tokens is not None and any(frame.action in tokens["by"] for frame in frames):
            await self._send(tokens["action"], tokens["payload"])
        for name in self._set:
            if name in self._before:
                wanted, value = self._before[name]
                await self._write({**wanted, "attributeValue": value})
        if self._has_password and self._password is not None:
            component, variable = PASSWORD
            one = {"component": {"name": component}, "variable": {"name": variable}}
            await self._write({**one, "attributeValue": self._password})

    async def _write(self, one: Mapping[str, Any]) -> None:
        await self._send(self._rules.setter, {"setVariableData": [one]})


def running_in(frames: Sequence[SeenFrame], action: str) -> list[dict[str, Any]]:
    """The first event of each transaction that was told of, and did not end."""
    running: dict[str, dict[str, Any]] = {}
    for frame in frames:
        if frame.action != action or frame.kind != "call" or not isinstance(frame.payload, dict):
            continue
        transaction_id = frame.payload.get("transactionInfo", {}).get("transactionId")
        if frame.payload.get("eventType") == ENDED:
            running.pop(transaction_id, None)
        elif transaction_id is not None:
            running.setdefault(transaction_id, frame.payload)
    return list(running.values())


def _list(holder: Any, name: str) -> list[dict[str, Any]]:
    found = holder.get(name, ()) if isinstance(holder, Mapping) else ()
    return [each for each in found if isinstance(each, dict)]


def _name(one: Mapping[str, Any]) -> str:
    return str((one.get("component"), one.get("variable"), one.get("attributeType")))


def _is_password(one: Mapping[str, Any]) -> bool:
    return str(one.get("variable", {}).get("name", "")).lower() == PASSWORD[1].lower()
