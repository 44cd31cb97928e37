"""What a version's translators are made of: one row says how a message or command is read and written there.

Requests and responses arrive as decoded message structs; what is sent leaves as the payload's JSON object,
which the codec checks strictly. The central system writes requests and reads responses, a simulated station
reads requests and writes responses.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ocppj.model.command import Command, CommandAnswer
from ocppj.model.messages import Acknowledged, Reply, StationMessage


def no_arguments(command: Command) -> dict[str, Any]:  # noqa: ARG001 - there are none
    """The payload of a command without arguments."""
    return {}


def _never(command: Command) -> str | None:  # noqa: ARG001 - most commands can always be said
    return None


def _itself(command: Command) -> Sequence[Command]:
    return (command,)


def _the_answer(command: Command, answers: Sequence[CommandAnswer]) -> CommandAnswer:  # noqa: ARG001
    """What was refused, if anything was."""
    return next((each for each in answers if not each.is_accepted), answers[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandTranslator:
    """One command in one version."""

    command: type[Command]
    action: str
    request_to_wire: Callable[[Any], dict[str, Any]]
    request_from_wire: Callable[[Any], Command]
    answer_to_wire: Callable[[Any], dict[str, Any]]
    answer_from_wire: Callable[[Any], CommandAnswer]
    refusal: Callable[[Any], str | None] = _never
    """Why the version cannot be asked this; None: it can. Bounds of single fields are the codec's."""
    split: Callable[[Any], Sequence[Command]] = _itself
    """The commands that are one CALL each here; none where there is nothing to ask the station."""
    join: Callable[[Any, Sequence[Any]], CommandAnswer] = _the_answer
    """What the answers to those say together."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Arguments that the wire calls otherwise: its name → ours."""


ACKNOWLEDGED = Acknowledged()


def present(payload: dict[str, Any]) -> dict[str, Any]:
    """A payload without what is None: the wire has no null."""
    return {key: value for key, value in payload.items() if value is not None}


def _always(message: StationMessage) -> bool:  # noqa: ARG001 - most messages are one request
    return True


def _nothing(reply: Reply) -> dict[str, Any]:  # noqa: ARG001 - most responses are empty
    return {}


def _acknowledged(m: Any) -> Reply:  # noqa: ARG001 - most responses are empty
    return ACKNOWLEDGED


def _as_it_is(payload: dict[str, Any], transaction_id: str | None) -> dict[str, Any]:  # noqa: ARG001
    """Stations of 2.x name their transactions."""
    return payload


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTranslator:
    """One request of stations in one version, and the response to it."""

    message: type[StationMessage]
    action: str
    request_from_wire: Callable[[Any, list[str]], StationMessage]
    """From a message struct; adds slugs of what was odd."""
    request_to_wire: Callable[[Any], dict[str, Any]]
    carries: Callable[[Any], bool] = _always
    """Whether this action is the one that tells the message: 1.6 has several for one of 2.x."""
    response_to_wire: Callable[[Any], dict[str, Any]] = _nothing
    response_from_wire: Callable[[Any], Reply] = _acknowledged
    with_transaction_id: Callable[[dict[str, Any], str | None], dict[str, Any]] = _as_it_is
    """A request that was kept, with the transaction's id that the central system has meanwhile handed out."""
