"""What a step is called where its file gives it no title."""

from collections.abc import Callable
from typing import Any

from runtime.patterns import shown
from simulator.scenario import model
from simulator.scenario.model import VERSIONS, Step
from simulator.scenario.scope import NoValueError, Scope
from simulator.scenario.words import Words


def title_of(step: Step, scope: Scope, words: Words) -> str:
    """In the language of `words`; variables without a value stay as they are written."""
    if step.title is not None:
        return str(_filled(step.title[words.language], scope))
    fields_of = _FIELDS.get(type(step))
    fields = fields_of(step, words) if fields_of is not None else {}
    fields = {key: _filled(value, scope) for key, value in fields.items()}
    return words.say(step.verb, **fields)


def name_of(step: Step) -> str:
    """For programs: in English and with its variables as they are written, whoever plays it and wherever."""
    if step.title is not None:
        return step.title["en"]
    words = Words("en")
    fields_of = _FIELDS.get(type(step))
    return words.say(step.verb, **(fields_of(step, words) if fields_of is not None else {}))


def _filled(value: Any, scope: Scope) -> Any:
    try:
        return scope.fill(value)
    except NoValueError:
        return value


def _place(socket: model.Socket | None) -> str:
    socket = socket or model.Socket()
    return str(socket.evse) if socket.connector == 1 else f"{socket.evse}.{socket.connector}"


def _places(wanted: model.StatusWanted, words: Words) -> str:
    if wanted.evse is None:
        return words.say("every_connector")
    return words.say("one_connector", connector=f"{wanted.evse}")


def _bodies(body: dict[str, Any]) -> list[dict[str, Any]]:
    return list(body.values()) if body and all(key in VERSIONS for key in body) else [body]


def _wanted(body: dict[str, Any]) -> str:
    """`boot (registration Accepted)`, or `call BootNotification`."""
    first = _bodies(body)[0]
    for kind in ("call", "result", "error"):
        if kind in first:
            return f"{kind} {first[kind]}"
    details = ", ".join(f"{key} {_short(value)}" for key, value in first.items() if key != "event")
    return f"{first.get('event')} ({details})" if details else str(first.get("event"))


def _short(value: Any) -> str:
    return value if isinstance(value, str) else shown(value, 60)


_FIELDS: dict[type[Step], Callable[[Any, Words], dict[str, Any]]] = {
    model.Plug: lambda step, _words: {"connector": _place(step.plug)},
    model.Unplug: lambda step, _words: {"connector": _place(step.unplug)},
    model.ClearFault: lambda step, _words: {"connector": _place(step.clear_fault)},
    model.Fault: lambda step, _words: {"connector": _place(step.fault), "code": step.fault.code},
    model.Present: lambda step, _words: {"token": step.present.token},
    model.Prompt: lambda step, words: {"prompt": step.prompt[words.language]},
    model.Expect: lambda step, _words: {"wanted": _wanted(step.expect)},
    model.Never: lambda step, _words: {"wanted": _wanted(step.never)},
    model.Status: lambda step, words: {
        "place": _places(step.status, words),
        "status": _short(step.status.is_),
    },
    model.Ask: lambda step, _words: {"request": step.ask},
    model.Command: lambda step, _words: {"command": step.command},
    model.Call: lambda step, _words: {
        "action": ", ".join(str(each.get("action")) for each in _bodies(step.call))
    },
    model.Allow: lambda step, _words: {"token": step.allow},
    model.Mark: lambda step, _words: {"text": step.mark},
    model.Check: lambda step, _words: {"value": _short(step.check)},
    model.Wait: lambda step, words: {"seconds": words.seconds(step.wait)},
}
"""What each kind of step is about; the others are about nothing but themselves."""
