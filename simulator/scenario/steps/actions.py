"""Actions at a station: cables, tokens, power, and raw frames."""

import json
from typing import Any

from simulator.scenario import model
from simulator.scenario.model import Step
from simulator.scenario.station_drivers.driver import StationDriver, WithCredentials
from simulator.scenario.steps.run_context import CALL_S, RunContext
from simulator.scenario.verdicts import NotApplicable
from simulator.scenario.wanted_patterns import by_version

ACTIONS = (
    model.ConnectStep
    | model.DisconnectStep
    | model.ReconnectStep
    | model.PowerCutStep
    | model.PlugStep
    | model.UnplugStep
    | model.PresentStep
    | model.FaultStep
    | model.ClearFaultStep
    | model.PromptStep
    | model.SendStep
)


async def do_action(step: Step, context: RunContext) -> None:
    """Do it, or have it done."""
    driver = context.driver(step)
    note = await _act(step, context, driver)
    if note:
        context.notes.append(note)


async def _act(step: Step, context: RunContext, driver: StationDriver) -> str:  # noqa: PLR0911 - one line per verb
    scope, within_s = context.scope, step.within
    match step:
        case model.ConnectStep():
            return await _connect(step, context, driver)
        case model.DisconnectStep():
            return await driver.disconnect(within_s)
        case model.ReconnectStep():
            return await driver.reconnect(within_s)
        case model.PowerCutStep():
            return await driver.power_cut(within_s)
        case model.PlugStep():
            return await driver.plug(*place_of(step.plug, context), within_s)
        case model.UnplugStep():
            return await driver.unplug(*place_of(step.unplug, context), within_s)
        case model.PresentStep():
            token, evse_id = scope.fill(step.present.token), scope.number(step.present.evse)
            contract = step.present.contract
            chain = str(scope.fill(contract)) if contract is not None else None
            return await driver.present(str(token), evse_id, within_s, chain)
        case model.PromptStep():
            text = str(scope.fill(step.prompt[context.words.language]))
            return await driver.prompt(text, within_s, step.hand)
        case model.FaultStep():
            return await driver.fault(*place_of(step.fault, context), str(scope.fill(step.fault.code)))
        case model.ClearFaultStep():
            return await driver.clear_fault(*place_of(step.clear_fault, context))
        case model.SendStep():
            return await _send(step, context, driver)
        case _:
            raise AssertionError(step.verb)


async def _connect(step: model.ConnectStep, context: RunContext, driver: StationDriver) -> str:
    """With other credentials, or to be turned away: only where the station is played frame by frame."""
    arguments = step.connect or model.ConnectArguments()
    given = {
        "user": context.scope.fill(arguments.user),
        "password": context.scope.fill(arguments.password),
        "refused": arguments.refused,
    }
    if not any(given.values()):
        return await driver.connect(fresh=arguments.fresh, within_s=step.within)
    if not isinstance(driver, WithCredentials):
        raise NotApplicable(context.words.text("no_tool_end"))
    driver.given = given
    try:
        return await driver.connect(fresh=arguments.fresh, within_s=step.within)
    finally:
        driver.given = {}


def place_of(socket: model.ConnectorRef | None, context: RunContext) -> tuple[int, int]:
    """(EVSE, connector), the first ones where nothing is said. Raises NoValueError, ValueError."""
    socket = socket or model.ConnectorRef()
    return context.scope.number(socket.evse), context.scope.number(socket.connector)


async def _send(step: model.SendStep, context: RunContext, driver: StationDriver) -> str:
    """A text, a frame as JSON, or a CALL whose answer is judged."""
    body: Any = step.send
    if isinstance(body, dict) and by_version(body):
        body = context.by_version(body, driver)
        if body is None:
            raise NotApplicable(context.words.text("no_body", version=driver.version.label))
    filled = context.scope.fill(body)
    if not isinstance(filled, dict) or "action" not in filled:
        return await driver.send(filled if isinstance(filled, str) else json.dumps(filled))
    within_s = context.patience_s(step, CALL_S)
    outcome = await driver.request(str(filled["action"]), filled.get("payload", {}), within_s)
    context.judge(step, step.answer, outcome)
    return ""
