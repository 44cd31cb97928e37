"""Expectations: events and frames that come, or must not, and the status of connectors."""

from typing import Any

from runtime.patterns import Pattern, PatternError, fits, shown
from simulator.scenario import model
from simulator.scenario.conversation import SeenEvent
from simulator.scenario.event_log import EventLog, Seen
from simulator.scenario.station_drivers.driver import StationDriver
from simulator.scenario.steps.run_context import RunContext, fields_text, in_words, summary
from simulator.scenario.verdicts import Failed, Inconclusive, NotApplicable
from simulator.scenario.wanted_patterns import Wanted, by_version, wanted_of

EXPECT_S = 30.0
NEVER_S = 5.0
MOST_OTHERS = 8
"""What came instead is told up to so many lines."""


async def expect(step: model.ExpectStep, context: RunContext) -> None:
    """Wait for what is wanted; it may have come since the last action."""
    driver = context.driver(step)
    body, wanted = _wanted(step.expect, context, driver)
    seen: Seen | None = await driver.event_log.signal.until(
        lambda: driver.event_log.claim(wanted), context.pace.clock, context.patience_s(step, EXPECT_S)
    )
    if seen is None:
        raise Failed(
            context.words.text("not_in_time", within=context.seconds(step, EXPECT_S)),
            expected=shown(body),
            found=_instead(driver.event_log, wanted, context),
            advice=context.words.text("look_at_wire"),
        )
    if isinstance(seen, SeenEvent):
        asked_for = {key: seen.fields[key] for key in body if key in seen.fields and key != "event"}
        context.notes.append(fields_text(asked_for))
        context.capture(step, seen.fields)
    else:
        context.capture(step, seen.payload)


async def never(step: model.NeverStep, context: RunContext) -> None:
    """See that it does not come, from the last action on."""
    driver = context.driver(step)
    body, wanted = _wanted(step.never, context, driver)
    seen: Seen | None = await driver.event_log.signal.until(
        lambda: driver.event_log.find(wanted), context.pace.clock, step.within or NEVER_S
    )
    if seen is not None:
        text = context.words.text("came_after_all", seen=summary(seen))
        raise Failed(text, expected=f"never {shown(body)}", found=[summary(seen)])


async def status(step: model.StatusStep, context: RunContext) -> None:
    """Wait until the connectors have it."""
    driver, words = context.driver(step), context.words
    wanted = context.scope.fill(step.status.is_)
    pattern: Pattern = context.compiled(wanted)
    evse = context.scope.number(step.status.evse) if step.status.evse is not None else None
    connector = context.scope.number(step.status.connector) if step.status.connector is not None else None

    def places() -> list[tuple[int, int]]:
        known = [] if evse is not None and connector is not None else driver.connectors()
        found = [each for each in known if evse in (None, each[0]) and connector in (None, each[1])]
        return found or ([(evse, connector or 1)] if evse is not None else [])

    def wrong() -> list[tuple[int, int]]:
        return [each for each in places() if not fits(pattern, status_at(driver, each))]

    def are_right() -> bool | None:
        return True if places() and not wrong() else None

    within_s = context.patience_s(step, EXPECT_S)
    if await driver.event_log.signal.until(are_right, context.pace.clock, within_s):
        context.notes.append(", ".join(f"{_name(each)} {status_at(driver, each)}" for each in places()))
        return
    within = context.seconds(step, EXPECT_S)
    told = [(each, status_at(driver, each) or words.text("status_untold")) for each in places()]
    raise Failed(
        words.text("wrong_status", within=within) if told else words.text("no_connector"),
        expected=shown(wanted),
        found=[words.text("status_is", place=_name(place), status=each) for place, each in told],
        advice=words.text("look_at_connector"),
    )


def status_at(driver: StationDriver, place: tuple[int, int]) -> str | None:
    """What the station told last of a connector; on the wire, what it told before counts too."""
    event = driver.event_log.statuses.get(place)
    return str(event.fields["status"]) if event is not None else driver.earlier_status(place)


def _wanted(body: dict[str, Any], context: RunContext, driver: StationDriver) -> tuple[Any, Wanted]:
    chosen: Any = body
    if by_version(body):
        chosen = context.by_version(body, driver)
        if chosen is None:
            raise NotApplicable(context.words.text("no_body", version=driver.version.label))
    filled = context.scope.fill(chosen)
    try:
        return filled, wanted_of(filled)
    except PatternError as error:
        raise Inconclusive(context.words.text("bad_value", problem=error)) from None


def _instead(event_log: EventLog, wanted: Wanted, context: RunContext) -> list[str]:
    """The nearest thing and how it differs; else what else came."""
    miss = event_log.nearest(wanted)
    if miss is not None:
        return [
            context.words.text("came_instead", seen=summary(miss.seen)),
            *in_words(list(miss.differences)),
        ]
    others = [summary(seen) for seen in event_log.since_mark() if isinstance(seen, SeenEvent)]
    others = others or [summary(seen) for seen in event_log.since_mark()]
    if not others:
        return [context.words.text("nothing_came")]
    return [context.words.text("others_came", seen=each) for each in others[-MOST_OTHERS:]]


def _name(place: tuple[int, int]) -> str:
    evse_id, connector_id = place
    return str(evse_id) if connector_id == 1 else f"{evse_id}.{connector_id}"
