"""Expectations: events and frames that come, or must not, and the status of connectors."""

from typing import Any

from runtime.patterns import Pattern, PatternError, fits, shown
from simulator.scenario import model
from simulator.scenario.actors.actor import Actor
from simulator.scenario.conversation import SeenEvent
from simulator.scenario.feed import Feed, Seen
from simulator.scenario.patterning import Wanted, by_version, wanted_of
from simulator.scenario.performing.stage import Stage, fields_text, in_words, summary
from simulator.scenario.verdicts import Failed, Inconclusive, NotApplicable

EXPECT_S = 30.0
NEVER_S = 5.0
MOST_OTHERS = 8
"""What came instead is told up to so many lines."""


async def expect(step: model.Expect, stage: Stage) -> None:
    """Wait for what is wanted; it may have come since the last action."""
    actor = stage.actor(step)
    body, wanted = _wanted(step.expect, stage, actor)
    seen: Seen | None = await actor.feed.bell.until(
        lambda: actor.feed.take(wanted), stage.pace.clock, stage.patience_s(step, EXPECT_S)
    )
    if seen is None:
        raise Failed(
            stage.words.say("not_in_time", within=stage.seconds(step, EXPECT_S)),
            expected=shown(body),
            found=_instead(actor.feed, wanted, stage),
            advice=stage.words.say("look_at_wire"),
        )
    if isinstance(seen, SeenEvent):
        asked_for = {key: seen.fields[key] for key in body if key in seen.fields and key != "event"}
        stage.notes.append(fields_text(asked_for))
        stage.capture(step, seen.fields)
    else:
        stage.capture(step, seen.payload)


async def never(step: model.Never, stage: Stage) -> None:
    """See that it does not come, from the last action on."""
    actor = stage.actor(step)
    body, wanted = _wanted(step.never, stage, actor)
    seen: Seen | None = await actor.feed.bell.until(
        lambda: actor.feed.find(wanted), stage.pace.clock, step.within or NEVER_S
    )
    if seen is not None:
        text = stage.words.say("came_after_all", seen=summary(seen))
        raise Failed(text, expected=f"never {shown(body)}", found=[summary(seen)])


async def status(step: model.Status, stage: Stage) -> None:
    """Wait until the connectors have it."""
    actor, words = stage.actor(step), stage.words
    wanted = stage.scope.fill(step.status.is_)
    pattern: Pattern = stage.compiled(wanted)
    evse = stage.scope.number(step.status.evse) if step.status.evse is not None else None
    connector = stage.scope.number(step.status.connector) if step.status.connector is not None else None

    def places() -> list[tuple[int, int]]:
        known = [] if evse is not None and connector is not None else actor.connectors()
        found = [each for each in known if evse in (None, each[0]) and connector in (None, each[1])]
        return found or ([(evse, connector or 1)] if evse is not None else [])

    def wrong() -> list[tuple[int, int]]:
        return [each for each in places() if not fits(pattern, status_at(actor, each))]

    def are_right() -> bool | None:
        return True if places() and not wrong() else None

    within_s = stage.patience_s(step, EXPECT_S)
    if await actor.feed.bell.until(are_right, stage.pace.clock, within_s):
        stage.notes.append(", ".join(f"{_name(each)} {status_at(actor, each)}" for each in places()))
        return
    within = stage.seconds(step, EXPECT_S)
    told = [(each, status_at(actor, each) or words.say("status_untold")) for each in places()]
    raise Failed(
        words.say("wrong_status", within=within) if told else words.say("no_connector"),
        expected=shown(wanted),
        found=[words.say("status_is", place=_name(place), status=each) for place, each in told],
        advice=words.say("look_at_connector"),
    )


def status_at(actor: Actor, place: tuple[int, int]) -> str | None:
    """What the station told last of a connector; on the wire, what it told before counts too."""
    event = actor.feed.statuses.get(place)
    return str(event.fields["status"]) if event is not None else actor.earlier_status(place)


def _wanted(body: dict[str, Any], stage: Stage, actor: Actor) -> tuple[Any, Wanted]:
    chosen: Any = body
    if by_version(body):
        chosen = stage.by_version(body, actor)
        if chosen is None:
            raise NotApplicable(stage.words.say("no_body", version=actor.version.label))
    filled = stage.scope.fill(chosen)
    try:
        return filled, wanted_of(filled)
    except PatternError as error:
        raise Inconclusive(stage.words.say("bad_value", problem=error)) from None


def _instead(feed: Feed, wanted: Wanted, stage: Stage) -> list[str]:
    """The nearest thing and how it differs; else what else came."""
    miss = feed.nearest(wanted)
    if miss is not None:
        return [
            stage.words.say("came_instead", seen=summary(miss.seen)),
            *in_words(list(miss.differences)),
        ]
    others = [summary(seen) for seen in feed.since_mark() if isinstance(seen, SeenEvent)]
    others = others or [summary(seen) for seen in feed.since_mark()]
    if not others:
        return [stage.words.say("nothing_came")]
    return [stage.words.say("others_came", seen=each) for each in others[-MOST_OTHERS:]]


def _name(place: tuple[int, int]) -> str:
    evse_id, connector_id = place
    return str(evse_id) if connector_id == 1 else f"{evse_id}.{connector_id}"
