"""What a row of a version's translators says unless it says otherwise."""

from ocppj.model.authorization import ClearCache
from ocppj.model.boot import Heartbeat
from ocppj.model.command import CommandAnswer
from ocppj.model.messages import Acknowledged
from ocppj.translator import ACKNOWLEDGED, CommandTranslator, MessageTranslator, no_arguments, present

COMMAND = CommandTranslator(
    command=ClearCache,
    action="ClearCache",
    request_to_wire=no_arguments,
    request_from_wire=lambda _: ClearCache(),
    answer_to_wire=lambda answer: {"status": answer.status},
    answer_from_wire=lambda m: CommandAnswer(m.status),
)
MESSAGE = MessageTranslator(
    message=Heartbeat,
    action="Heartbeat",
    request_from_wire=lambda _, __: Heartbeat(),
    request_to_wire=lambda _: {},
)


def test_most_commands_are_one_call_and_can_always_be_said() -> None:
    """The answer to that CALL is theirs, and the wire has no other names."""
    assert COMMAND.refusal(ClearCache()) is None
    assert tuple(COMMAND.split(ClearCache())) == (ClearCache(),)
    assert COMMAND.join(ClearCache(), [CommandAnswer("Rejected")]) == CommandAnswer("Rejected")
    assert COMMAND.request_to_wire(ClearCache()) == {}
    assert COMMAND.fields == {}


def test_most_messages_are_one_request_with_an_empty_response() -> None:
    """A station of 2.x names its transactions: what it has kept is complete."""
    assert MESSAGE.carries(Heartbeat())
    assert MESSAGE.response_to_wire(ACKNOWLEDGED) == {}
    assert MESSAGE.response_from_wire(object()) == Acknowledged()
    kept = {"seqNo": 3}
    assert MESSAGE.with_transaction_id(kept, "7") is kept


def test_the_wire_has_no_null() -> None:
    """What is false or empty stays."""
    assert present({"a": None, "b": False, "c": "", "d": 0}) == {"b": False, "c": "", "d": 0}
