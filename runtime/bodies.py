"""What people and programs typed is never ignored: unknown members of bodies and unknown query parameters are
refused, with the word that may have been meant.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel, ConfigDict

from runtime.near import guess
from runtime.wording import Phrase

Json = Mapping[str, Any]


class Body(BaseModel):
    """A body of the API. What is typed wrongly is told without repeating what was typed: it may be secret."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


@dataclass(frozen=True, slots=True)
class WrongField:
    """A field of a request, and the rule that it breaks."""

    field: str
    rule: Phrase


class FieldsRefused(Exception):  # noqa: N818 - it is told as a problem document
    """Fields that the route does not have, or that hold what they cannot."""

    def __init__(self, *wrong: WrongField) -> None:
        super().__init__("; ".join(f"{each.field}: {each.rule}" for each in wrong))
        self.wrong = wrong


NO_PARAMETER = Phrase("ce paramètre n'existe pas; {guess}", "there is no such parameter; {guess}")
NO_PARAMETERS = Phrase("cette route ne prend aucun paramètre", "this route takes no parameters")
ONCE = Phrase("ne peut figurer qu'une fois", "it may stand once")


async def known_parameters(request: Request) -> None:
    """A FastAPI dependency for whole routers. Raises FieldsRefused.

    What there is stands in the route itself: to make the API's document for it would take seconds, once.
    """
    if not request.query_params:
        return
    known = _parameters_of(request.scope["route"].dependant)
    wrong: list[WrongField] = []
    for name in request.query_params:
        if name not in known:
            wrong.append(WrongField(f"query.{name}", _no_parameter(name, known)))
        elif len(request.query_params.getlist(name)) > 1 and not known[name]:
            wrong.append(WrongField(f"query.{name}", ONCE))
    if wrong:
        raise FieldsRefused(*wrong)


def _no_parameter(name: str, known: Collection[str]) -> Phrase:
    if not known:
        return NO_PARAMETERS
    return NO_PARAMETER.filled({"guess": guess(name, known)})


KNOWN_PARAMETERS = Depends(known_parameters)


def operation_of(request: Request) -> Json:
    """What the API's own document says of the route that was asked for; empty for none."""
    route = request.scope.get("route")
    path = getattr(route, "path_format", "")
    paths: Json = request.app.openapi()["paths"]
    found = next((each for each in paths if each.endswith(path) and _fits(each, request.url.path)), "")
    operation: Json = paths.get(found, {}).get(request.method.lower(), {})
    return operation


def members_beside(request: Request, location: tuple[int | str, ...]) -> list[str]:
    """The members that could stand at a place of the body, which begins with `body`."""
    document = request.app.openapi()
    content = operation_of(request).get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    for part in location[1:-1]:
        schema = next(_below(schema, part, document), {})
    return [name for each in _choices(schema, document) for name in each.get("properties", {})]


def _fits(template: str, path: str) -> bool:
    parts, asked = template.split("/"), path.split("/")
    return len(parts) == len(asked) and all(
        known.startswith("{") or known == part for known, part in zip(parts, asked, strict=True)
    )


def _parameters_of(dependant: Dependant) -> dict[str, bool]:
    """The query's parameters, also of what the route depends on; whether each may stand several times."""
    found = {each.alias: _is_repeatable(each.field_info.annotation) for each in dependant.query_params}
    for each in dependant.dependencies:
        found |= _parameters_of(each)
    return found


def _is_repeatable(annotation: Any) -> bool:
    return get_origin(annotation) is list or any(_is_repeatable(each) for each in get_args(annotation))


def _choices(schema: Json, document: Json) -> Iterator[Json]:
    """The schema itself, or each of those that it may be."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        yield from _choices(document["components"]["schemas"][name], document)
    elif "anyOf" in schema:
        for each in schema["anyOf"]:
            yield from _choices(each, document)
    else:
        yield schema


def _below(schema: Json, part: int | str, document: Json) -> Iterator[Json]:
    for each in _choices(schema, document):
        if isinstance(part, int) and "items" in each:
            yield each["items"]
        elif part in each.get("properties", {}):
            yield each["properties"][part]
        elif isinstance(each.get("additionalProperties"), dict):
            yield each["additionalProperties"]
