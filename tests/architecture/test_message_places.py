"""What a station says is held once: a second place that names a message, or translates it, is found here.

Counted by the names of the model and of the wire, in code and texts, docstrings aside. Rules and tables stand
apart: a message is one row in each table.
"""

import re
import typing

import pytest

from ocppj.model import messages
from ocppj.model.messages import StationMessage
from ocppj.model.reports import MessageKept, SendKept
from ocppj.translation import translation_for
from ocppj.versions import OcppVersion
from tests.support.spelling import places_of_class, spellings

MOST_PLACES = 4
"""The model, a translator for 1.6, one for 2.x, and where a simulated station sends it."""
MESSAGES = [each for each in typing.get_args(StationMessage) if each not in (MessageKept, SendKept)]
TABLES = frozenset(
    {
        "csms/handlers/table.py",  # who finds the answer
        "csms/rules/decide.py",  # who decides what is stored
        "csms/gateway/redaction.py",  # where a station writes what it wants
        "ocppj/actions.py",  # who may send what
        "ocppj/model/messages.py",  # all of them
        "simulator/scenario/event_readers.py",  # what it is as an event of a scenario
    }
)
ASKED_FOR = frozenset(
    {
        "csms/gateway/reception.py",  # which requests of a station a CALL brings
        "csms/domain/announced.py",
        "ocppj/vocabulary.py",  # the words of TriggerMessage
        "ocppj/v16/words.py",
    }
)
"""Where a message is named because it can be asked for."""
HOMES = ("ocppj/model/", "ocppj/v16/", "ocppj/v2x/", "ocppj/v201/", "ocppj/v21/")
SECOND_NAMED = {
    "ocppj/v16/transactions.py": "MeterValues is also how 1.6 tells of a transaction",
    "ocppj/v16/configuration.py": "TransactionEvent is also the instance of a variable",
}


def actions_of(message: type) -> set[str]:
    """What it is called on the wire of each version."""
    return {
        action
        for version in OcppVersion
        for action in translation_for(version).actions_of(message)
        if action != "MeterValues" or message is messages.MeterValues
    }


def places_of(message: type) -> set[str]:
    """The files that name it, rules and tables apart."""
    named = actions_of(message) | {message.__name__}
    found = {path for path, each in spellings().items() if named & each.words}
    return {path for path in found - TABLES - ASKED_FOR if not path.startswith("csms/rules/")}


@pytest.mark.parametrize(
    "message",
    [messages.LogStatusNotification, messages.FirmwareStatusNotification, messages.SecurityEventNotification],
)
def test_a_message_has_at_most_four_places(message: type) -> None:
    """Its versions, both ends."""
    assert len(places_of(message)) <= MOST_PLACES, places_of(message)


@pytest.mark.parametrize("message", MESSAGES)
def test_a_message_is_translated_in_one_file_of_a_version(message: type) -> None:
    """And stands in one file of the model."""
    for home in HOMES:
        found = [path for path in places_of(message) if path.startswith(home) and path not in SECOND_NAMED]
        assert len(found) <= 1, found


@pytest.mark.parametrize("message", MESSAGES)
def test_a_message_is_one_class(message: type) -> None:
    """Neither end has one of its own beside it; those of the wire are made by a tool."""
    classes = places_of_class(message.__name__)
    assert len(classes) == 1, classes


def test_neither_end_reads_the_wire_by_itself() -> None:
    """Nothing in csms, simulator and provisioning takes a field of a wire class by its 1.6 or 2.x name."""
    wire_words = re.compile(r"id_tag_info|id_token_info|charge_point_vendor|connector_status$|meter_value$")
    wrong = {
        path: found
        for path, each in spellings().items()
        if path.startswith(("csms/", "simulator/", "provisioning/"))
        and (found := sorted(word for word in each.words if wire_words.match(word)))
    }
    assert wrong == {}
