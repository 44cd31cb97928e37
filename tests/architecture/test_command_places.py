"""A command is defined once: no second place says its name, its arguments or what it is called on the wire.

Read from the code without its texts: what is imported, named and compared, not what docstrings tell. Whoever
asks a station something uses the command's class; nobody else spells it.
"""

import pytest

from ocppj.model.catalogue import COMMANDS
from ocppj.translation import translation_for
from tests.support.spelling import places_of_class, spellings

MOST_PLACES = 4
"""Of a command without arguments, both ends, every version: the model, 1.6, 2.x and what a station does.
Apart from them stands one table: who may ask for it, what it is called, what follows from the answer."""
TABLE = "csms/rules/command_rules.py"
HOMES = (
    "ocppj/model/",
    "ocppj/v16/",
    "ocppj/v2x/",
    "ocppj/v201/",
    "ocppj/v21/",
    "simulator/station/command_handlers/",
)
SPELLED_BY: dict[str, str] = {
    "console/command_forms.py": "where a dialog asks for less than the command takes, or for one of a list",
    "console/command_panel.py": "proposes what a command is mostly sent with",
    "csms/gateway/reception.py": "which requests of a station a CALL brings",
    "csms/domain/announced.py": "which requests bring the result of a CALL, raw ones too",
    "csms/domain/passwords.py": "which CALLs, raw ones too, give a station a password",
    "csms/domain/raw_answers.py": "how the answer to a raw CALL says yes",
    "simulator/station/charging.py": "the trigger reason of a transaction that was started from afar",
    "simulator/model/inventory.py": "instances of variables: of how many items a message may have",
    "ocppj/v16/configuration.py": "instances of variables: of how many items a message may have",
    "provisioning/activation/desired.py": "instances of variables: of how many items a message may have",
}
"""Files that spell a command for another reason."""
AMBIGUOUS = frozenset({"data-transfer", "reset"})
"""DataTransfer has two directions, and many things are reset."""


def spelled_as(name: str) -> set[str]:
    """What a command is called: outside, in the model and on the wire of each version."""
    command = COMMANDS[name]
    actions = {translation_for(version).action_of(command) for version in command.versions}
    return {name, command.__name__, *actions}


@pytest.mark.parametrize("name", ["clear-cache", "unlock-connector"])
def test_a_command_has_at_most_four_places_and_a_row(name: str) -> None:
    """No other file of what ships knows its name."""
    spelled = spelled_as(name)
    places = {path for path, each in spellings().items() if spelled & each.words}
    assert TABLE in places
    assert len(places - {TABLE}) <= MOST_PLACES, places


MOST_PLACES_OF_THE_PILOT = 6
"""With arguments and a resource of its own: beside the four, where it is asked for by another name."""
TABLES = frozenset({TABLE, "csms/gateway/reception.py"})


def test_a_command_with_a_resource_has_at_most_six_places_and_its_rows() -> None:
    """ReserveNow: rules and tables stand apart."""
    spelled = {"ReserveNow"}
    places = {path for path, each in spellings().items() if spelled & each.words or "reserve" in each.texts}
    apart = {path for path in places if path in TABLES or path.startswith("csms/rules/")}
    assert TABLE in apart
    assert len(places - apart) <= MOST_PLACES_OF_THE_PILOT, places


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in AMBIGUOUS])
def test_a_command_has_no_second_place(name: str) -> None:
    """One file of each home names it; elsewhere it is its class that is used, never its name."""
    spelled = spelled_as(name)
    files = {path: each for path, each in spellings().items() if path not in SPELLED_BY}
    for home in HOMES:
        found = [path for path, each in files.items() if path.startswith(home) and spelled & each.words]
        assert len(found) <= 1, found
    elsewhere = [path for path, each in files.items() if not path.startswith(HOMES) and spelled & each.texts]
    assert elsewhere == []


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_one_class(name: str) -> None:
    """Neither side has its own beside it."""
    classes = places_of_class(COMMANDS[name].__name__)
    assert len(classes) == 1, classes
