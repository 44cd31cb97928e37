"""Variables that begin like ours and are none: a misspelt setting would be ignored in silence."""

from collections.abc import Iterator, Mapping
from typing import Any

import typer

from borne.options import ENV_PREFIX
from borne.settings import ServerSettings
from runtime.near import guess

CLIENT_VARIABLES = ("BORNE_API", "BORNE_TOKEN", "BORNE_LANGUAGE")
"""What programs that ask a server go by (`runtime.client`)."""
RIG_PREFIX = f"{ENV_PREFIX}RIG_"
"""Begins what a rig gives the commands that are its hands: one of them may be ours."""


def known_variables(app: typer.Typer) -> frozenset[str]:
    """Every variable that some command reads."""
    settings = (f"{ENV_PREFIX}{name.upper()}" for name in ServerSettings.model_fields)
    return frozenset((*settings, *CLIENT_VARIABLES, *_of_options(typer.main.get_command(app))))


def strange_variables(environment: Mapping[str, str], known: frozenset[str]) -> list[str]:
    """A line for each variable that nobody reads, with the one that may have been meant."""
    ours = (name for name in environment if name.startswith(ENV_PREFIX) and not name.startswith(RIG_PREFIX))
    strange = sorted(name for name in ours if name not in known)
    return [f"Nothing reads the variable {name}; {guess(name, known, shown='{}')}" for name in strange]


def _of_options(command: Any) -> Iterator[str]:
    for parameter in command.params:
        found = parameter.envvar
        yield from (found,) if isinstance(found, str) else found or ()
    for each in getattr(command, "commands", {}).values():
        yield from _of_options(each)
