"""What a station says is held once: a second place that names a message, or translates it, is found here.

Counted by the names of the model and of the wire, in any form in which code spells a name, docstrings aside.
Tables stand apart: a message is one row in each.
"""

import re
import typing

import pytest

from ocppj.model.catalogue import COMMANDS
from ocppj.model.messages import StationMessage
from ocppj.model.metering import MeterValues
from ocppj.model.reports import MessageKept, SendKept
from ocppj.translation import translation_for
from ocppj.versions import OcppVersion
from tests.support.spelling import forms_of, places_of_class, spellings

MOST_PLACES = 4
"""The model, a translator for 1.6, one for 2.x, and where a simulated station sends it."""
MESSAGES = [each for each in typing.get_args(StationMessage) if each not in (MessageKept, SendKept)]
TABLES = frozenset(
    {
        "csms/handlers/table.py",  # who finds the answer, where it says something
        "csms/rules/decide.py",  # who decides what is stored
        "csms/gateway/redaction.py",  # where a station writes what it wants
        "ocppj/actions.py",  # who may send what
        "ocppj/model/messages.py",  # all of them
        "ocppj/model/catalogue.py",  # all blocks, DataTransfer's among them
        "ocppj/vocabulary.py",  # the words of TriggerMessage
        "ocppj/v16/words.py",
        "csms/gateway/reception.py",  # which requests a raw CALL brings
        "simulator/scenario/event_readers.py",  # what it is as an event of a scenario
    }
)
HOMES = ("ocppj/model/", "ocppj/v16/", "ocppj/v2x/", "ocppj/v201/", "ocppj/v21/", "ocppj/shared.py")
SENT_FROM = ("simulator/connection/", "simulator/model/", "simulator/station/")
INSTANCE = "TransactionEvent is also the instance of a variable"
LIST = "the list of values within a message"
OTHER_MEANINGS: dict[str, dict[str, str]] = {
    "TransactionEvent": {
        "ocppj/v16/configuration.py": INSTANCE,
        "simulator/connection/transaction_queue.py": INSTANCE,
    },
    "MeterValues": {
        "ocppj/sampling.py": LIST,
        "ocppj/v16/values.py": LIST,
        "ocppj/v2x/values.py": LIST,
        "ocppj/v16/transactions.py": "MeterValues is also how 1.6 tells of a transaction",
    },
    "Heartbeat": {"simulator/model/inventory.py": "a source of time"},
    "DataTransfer": {"console/command_forms.py": "the name of the block"},
}
"""Where the same word says something else."""


def actions_of(message: type) -> set[str]:
    """What it is called on the wire of each version."""
    return {
        action
        for version in OcppVersion
        for action in translation_for(version).actions_of(message)
        if action != "MeterValues" or message is MeterValues
    }


def places_of(message: type) -> set[str]:
    """The files that define, translate or send it, or spell it in any form; tables apart.

    Who only reads one uses its class.
    """
    spelled = forms_of(actions_of(message) | {message.__name__}) - COMMANDS.keys()  # of the other direction
    used = {each for each in spelled if not each.isupper()}  # a word of TriggerMessage is not the message
    found = {
        path
        for path, each in spellings().items()
        if (used & each.words if path.startswith(HOMES) else False)
        or (path.startswith(SENT_FROM) and message.__name__ in each.made)
        or spelled & each.named
    }
    return found - TABLES - OTHER_MEANINGS.get(message.__name__, {}).keys()


@pytest.mark.parametrize("message", MESSAGES)
def test_a_message_has_few_places(message: type) -> None:
    """Its versions, both ends."""
    assert len(places_of(message)) <= MOST_PLACES, sorted(places_of(message))


@pytest.mark.parametrize("message", MESSAGES)
def test_a_message_is_translated_in_one_file_of_a_version(message: type) -> None:
    """And stands in one file of the model."""
    for home in HOMES:
        found = [path for path in places_of(message) if path.startswith(home)]
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
