"""A command is defined once: no second place says its name, its arguments or what it is called on the wire,
in any form in which code spells a name.

Read from the code without its texts: what is imported, named and compared, not what docstrings tell. Whoever
asks a station something uses the command's class; nobody else spells it.
"""

import pytest

from ocppj.model.catalogue import COMMANDS
from ocppj.translation import translation_for
from tests.support.spelling import forms_of, places_of_class, spellings

MOST_PLACES = 4
"""Of a command without arguments, both ends, every version: the model, 1.6, 2.x and what a station does.
Apart from them stands one table: who may ask for it, what it is called, what follows from the answer."""
MOST_PLACES_WITH_ARGUMENTS = 6
"""ReserveNow, say: beside the four, a resource in the API, or where a dialog asks for less."""
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
    "console/pages/command.py": "proposes what a command is mostly sent with",
    "csms/api/reservations.py": "the resource whose making is the command",
    "csms/domain/passwords.py": "which CALLs, raw ones too, give a station a password",
    "csms/domain/raw_answers.py": "how the answer to a raw CALL says yes",
    "simulator/station/charging.py": "the trigger reason of a transaction that was started from afar",
    "simulator/model/inventory.py": "instances of variables: of how many items a message may have",
    "ocppj/v16/configuration.py": "instances of variables: of how many items a message may have",
    "provisioning/activation/desired.py": "instances of variables: of how many items a message may have",
}
"""Files that spell a command for another reason."""
OTHER_MEANINGS = {
    "reset": {
        "borne/station_cli/typed_commands.py": "what somebody types at a simulated station",
        "provisioning/activation/restarting.py": "what the evidence of a restart says",
        "simulator/station/station.py": "what somebody does at a simulated station",
    },
    "data-transfer": {
        "ocppj/actions.py": "either end may send it",
        "ocppj/model/catalogue.py": "the name of the block",
        "ocppj/model/messages.py": "the message in the other direction",
    },
}
"""Where the same word says something else."""
AMBIGUOUS = frozenset({"data-transfer", "reset"})
"""DataTransfer has two directions, and many things are reset."""


def spelled_as(name: str) -> set[str]:
    """What a command is called: outside, in the model and on the wire of each version."""
    command = COMMANDS[name]
    actions = {translation_for(version).action_of(command) for version in command.versions}
    return {name, command.__name__, *actions}


def spellings_of(name: str) -> frozenset[str]:
    """Every form of that: CamelCase, snake_case, kebab-case."""
    return forms_of(spelled_as(name))


def places_of(name: str) -> set[str]:
    """The files that define, translate or obey it, or spell it in any form.

    Who only sends it uses its class.
    """
    spelled = spellings_of(name)
    return {
        path
        for path, each in spellings().items()
        if (spelled & each.words if path.startswith(HOMES) else spelled & each.named)
        and path != TABLE
        and path not in OTHER_MEANINGS.get(name, {})
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_few_places_and_a_row(name: str) -> None:
    """Of one without arguments four files know; arguments may be asked for in two more."""
    command = COMMANDS[name]
    assert command.__name__ in spellings()[TABLE].words
    most = MOST_PLACES_WITH_ARGUMENTS if command.__struct_fields__ else MOST_PLACES
    assert len(places_of(name)) <= most, sorted(places_of(name))


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in AMBIGUOUS])
def test_a_command_has_no_second_place(name: str) -> None:
    """One file of each home names it; elsewhere it is its class that is used, never its name."""
    spelled = spellings_of(name)
    files = {path: each for path, each in spellings().items() if path not in SPELLED_BY}
    for home in HOMES:
        found = [path for path, each in files.items() if path.startswith(home) and spelled & each.words]
        assert len(found) <= 1, found
    elsewhere = [path for path, each in files.items() if not path.startswith(HOMES) and spelled & each.named]
    assert elsewhere == []


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_one_class(name: str) -> None:
    """Neither side has its own beside it."""
    classes = places_of_class(COMMANDS[name].__name__)
    assert len(classes) == 1, classes
