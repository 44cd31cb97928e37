"""What a step is called where its file gives it no title."""

from collections.abc import Callable
from typing import Any

from runtime.patterns import shown
from simulator.scenario import model
from simulator.scenario.model import VERSIONS, Step
from simulator.scenario.scope import NoValueError, Scope
from simulator.scenario.values import LANGUAGES
from simulator.scenario.words import RunTexts


def title_of(step: Step, scope: Scope, words: RunTexts) -> str:
    """In the language of `words`; variables without a value stay as they are written."""
    if step.title is not None:
        return str(_filled(step.title[words.language], scope))
    fields_of = _FIELDS.get(type(step))
    fields = fields_of(step, words) if fields_of is not None else {}
    fields = {key: _filled(value, scope) for key, value in fields.items()}
    return words.text(step.verb, **fields)


def titles_of(step: Step, scope: Scope) -> dict[str, str]:
    """The title in every language."""
    return {language: title_of(step, scope, RunTexts(language)) for language in LANGUAGES}


def name_of(step: Step) -> str:
    """For programs: in English and with its variables as they are written, whoever plays it and wherever."""
    if step.title is not None:
        return step.title["en"]
    words = RunTexts("en")
    fields_of = _FIELDS.get(type(step))
    return words.text(step.verb, **(fields_of(step, words) if fields_of is not None else {}))


def _filled(value: Any, scope: Scope) -> Any:
    try:
        return scope.fill(value)
    except NoValueError:
        return value


def _place(socket: model.ConnectorRef | None) -> str:
    socket = socket or model.ConnectorRef()
    return str(socket.evse) if socket.connector == 1 else f"{socket.evse}.{socket.connector}"


def _places(wanted: model.StatusWanted, words: RunTexts) -> str:
    if wanted.evse is None:
        return words.text("every_connector")
    return words.text("one_connector", connector=f"{wanted.evse}")


def _bodies(body: Any) -> list[Any]:
    is_for_versions = isinstance(body, dict) and body and all(key in VERSIONS for key in body)
    return list(body.values()) if is_for_versions else [body]


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


def _frame(step: model.SendStep, words: RunTexts) -> str:
    actions = [each.get("action") for each in _bodies(step.send) if isinstance(each, dict)]
    named = [str(each) for each in actions if each is not None] if isinstance(step.send, dict) else []
    return ", ".join(named) or words.text("raw_frame")


def _reply(step: model.ReplyStep, words: RunTexts) -> str:
    if step.reply.silent:
        return words.text("no_reply")
    return step.reply.error or _short(step.reply.payload.get("status", step.reply.payload))


_FIELDS: dict[type[Step], Callable[[Any, RunTexts], dict[str, Any]]] = {
    model.PlugStep: lambda step, _words: {"connector": _place(step.plug)},
    model.UnplugStep: lambda step, _words: {"connector": _place(step.unplug)},
    model.ClearFaultStep: lambda step, _words: {"connector": _place(step.clear_fault)},
    model.FaultStep: lambda step, _words: {"connector": _place(step.fault), "code": step.fault.code},
    model.PresentStep: lambda step, _words: {"token": step.present.token},
    model.PromptStep: lambda step, words: {"prompt": step.prompt[words.language]},
    model.SendStep: lambda step, words: {"frame": _frame(step, words)},
    model.ReplyStep: lambda step, words: {"action": step.reply.action, "reply": _reply(step, words)},
    model.ExpectStep: lambda step, _words: {"wanted": _wanted(step.expect)},
    model.NeverStep: lambda step, _words: {"wanted": _wanted(step.never)},
    model.StatusStep: lambda step, words: {
        "place": _places(step.status, words),
        "status": _short(step.status.is_),
    },
    model.ApiRequestStep: lambda step, _words: {"request": step.ask},
    model.CommandStep: lambda step, _words: {"command": step.command},
    model.CallStep: lambda step, _words: {
        "action": ", ".join(str(each.get("action")) for each in _bodies(step.call))
    },
    model.AllowStep: lambda step, _words: {"token": step.allow},
    model.MarkStep: lambda step, _words: {"text": step.mark},
    model.CheckStep: lambda step, _words: {"value": _short(step.check)},
    model.WaitStep: lambda step, words: {"seconds": words.seconds(step.wait)},
}
"""What each kind of step is about; the others are about nothing but themselves."""
