"""Command-line options made from `ServerSettings`: one table gives code, environment, `--help` and page."""

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import typer
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from borne.settings import ServerSettings

ENV_PREFIX = "BORNE_"


def with_settings(command: Callable[..., None]) -> Callable[..., None]:
    """Give a Typer command one option per setting; it receives those that were given as `settings`."""
    own = inspect.signature(command)
    kept = [p for p in own.parameters.values() if p.name != "settings"]
    added = [_parameter(name, field) for name, field in ServerSettings.model_fields.items()]

    @wraps(command)
    def wrapped(**arguments: Any) -> None:
        given = {name: arguments.pop(name) for name in ServerSettings.model_fields}
        command(**arguments, settings=load_settings({k: v for k, v in given.items() if v is not None}))

    parameters = kept + added
    wrapped.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined] # how inspect is told
    wrapped.__annotations__ = {p.name: p.annotation for p in parameters}
    return wrapped


def load_settings(given: Mapping[str, Any]) -> ServerSettings:
    """Settings from the command line over the environment over the defaults.

    Raises typer.BadParameter (exit code 2) with one line per wrong setting.
    """
    try:
        return ServerSettings(**given)
    except ValidationError as error:
        lines = [_explain(problem["loc"], problem["msg"]) for problem in error.errors(include_input=False)]
        raise typer.BadParameter("\n".join(lines)) from None  # the cause would print secrets


def _explain(location: tuple[int | str, ...], what: str) -> str:
    name = str(location[0]) if location else ""
    if not name:
        return what.removeprefix("Value error, ")
    return f"--{name.replace('_', '-')} ({ENV_PREFIX}{name.upper()}): {what.removeprefix('Value error, ')}"


def _parameter(name: str, field: FieldInfo) -> inspect.Parameter:
    option = typer.Option(
        f"--{name.replace('_', '-')}",
        help=field.description,
        envvar=f"{ENV_PREFIX}{name.upper()}",
        show_default=str(field.default) if field.default is not None else False,
        rich_help_panel="Settings",
    )
    kind = _plain_type(field.annotation)
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind | None, option]
    )


def _plain_type(annotation: Any) -> Any:
    """The type that the command line parses; pydantic checks the rest."""
    candidates = (annotation, *get_args(annotation))
    words = (kind for kind in candidates if get_origin(kind) is Literal)
    return next(words, next((kind for kind in (int, float, Path) if kind in candidates), str))
