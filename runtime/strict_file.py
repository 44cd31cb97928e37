"""YAML files read into pydantic models: every flaw with its line, a strange word with the nearest."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from runtime.near import nearest
from runtime.yaml_source import FileFlawed, Flaw, Path, Source, read_source

M = TypeVar("M", bound=BaseModel)


def parse_model(kind: type[M], text: str, where: str) -> M:
    """The model from a text. Raises FileFlawed with every flaw, by line and column."""
    source = read_source(text, where)
    if not isinstance(source.content, dict):
        raise FileFlawed(where, [Flaw(1, 1, "the file must be a mapping of names and values")])
    try:
        return kind.model_validate(source.content)
    except ValidationError as error:
        words = frozenset(words_of(kind))
        found = _causes(error.errors(include_url=False))
        flaws = [flaw_of(source, tuple(one["loc"]), one, words) for one in found]
        raise FileFlawed(where, flaws) from None


def flaw_of(source: Source, path: Path, error: ErrorDetails, words: Iterable[str]) -> Flaw:
    """A rule that pydantic found broken at a path, in words for people, with its place."""
    match error["type"]:
        case "extra_forbidden":
            return source.flaw(path, _unknown(str(path[-1]), words), of_key=True)
        case "missing":
            return source.flaw(path[:-1], f"`{path[-1]}` is missing here; add it")
        case "model_type" | "dict_type":
            return source.flaw(path, "this must be a mapping of names and values")
        case _:
            rule = error["msg"].removeprefix("Value error, ")
            return source.flaw(path, f"{path[-1] if path else 'the file'}: {rule[:1].lower()}{rule[1:]}")


def _causes(errors: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """Without those that only count what others left: a list is too short where its one part is wrong."""
    places = [tuple(each["loc"]) for each in errors]
    return [
        each
        for each, place in zip(errors, places, strict=True)
        if each["type"] != "too_short"
        or not any(other[: len(place)] == place and other != place for other in places)
    ]


def words_of(kind: type[BaseModel]) -> Iterator[str]:
    """Every word that a file can have as a key, those of the models inside among them."""
    seen: set[type[BaseModel]] = set()
    waiting = [kind]
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        for name, field in one.model_fields.items():
            yield field.alias or name
            waiting += _models_in(field.annotation)


def _models_in(annotation: Any) -> Sequence[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [each for part in get_args(annotation) for each in _models_in(part)]


def _unknown(word: str, words: Iterable[str]) -> str:
    near = nearest(word, words)
    return f"nothing here is called `{word}`; " + (f"did you mean `{near}`?" if near else "take it away")
