"""Actions of the hand, and raw frames."""

import json
from typing import Any

from simulator.scenario import model
from simulator.scenario.actors.actor import Actor
from simulator.scenario.model import Step
from simulator.scenario.patterning import by_version
from simulator.scenario.performing.stage import Stage
from simulator.scenario.verdicts import NotApplicable

HANDS = (
    model.Connect
    | model.Disconnect
    | model.Reconnect
    | model.PowerCut
    | model.Plug
    | model.Unplug
    | model.Present
    | model.Fault
    | model.ClearFault
    | model.Prompt
    | model.Send
)


async def do_by_hand(step: Step, stage: Stage) -> None:
    """Do it, or have it done."""
    actor = stage.actor(step)
    told = await _act(step, stage, actor)
    if told:
        stage.notes.append(told)


async def _act(step: Step, stage: Stage, actor: Actor) -> str:  # noqa: PLR0911 - one line per verb
    scope, within_s = stage.scope, step.within
    match step:
        case model.Connect():
            is_fresh = step.connect is not None and step.connect.fresh
            return await actor.connect(fresh=is_fresh, within_s=within_s)
        case model.Disconnect():
            return await actor.disconnect(within_s)
        case model.Reconnect():
            return await actor.reconnect(within_s)
        case model.PowerCut():
            return await actor.power_cut(within_s)
        case model.Plug():
            return await actor.plug(*place_of(step.plug, stage), within_s)
        case model.Unplug():
            return await actor.unplug(*place_of(step.unplug, stage), within_s)
        case model.Present():
            token, evse_id = scope.fill(step.present.token), scope.number(step.present.evse)
            return await actor.present(str(token), evse_id, within_s)
        case model.Prompt():
            return await actor.prompt(str(scope.fill(step.prompt[stage.words.language])), within_s)
        case model.Fault():
            return await actor.fault(*place_of(step.fault, stage), str(scope.fill(step.fault.code)))
        case model.ClearFault():
            return await actor.clear_fault(*place_of(step.clear_fault, stage))
        case model.Send():
            return await actor.send(_frame_text(step, stage, actor))
        case _:
            raise AssertionError(step.verb)


def place_of(socket: model.Socket | None, stage: Stage) -> tuple[int, int]:
    """(EVSE, connector), the first ones where nothing is said. Raises NoValueError, ValueError."""
    socket = socket or model.Socket()
    return stage.scope.number(socket.evse), stage.scope.number(socket.connector)


def _frame_text(step: model.Send, stage: Stage, actor: Actor) -> str:
    body: Any = step.send
    if isinstance(body, dict) and by_version(body):
        body = stage.by_version(body, actor)
        if body is None:
            raise NotApplicable(stage.words.say("no_body", version=actor.version.label))
    filled = stage.scope.fill(body)
    return filled if isinstance(filled, str) else json.dumps(filled)
