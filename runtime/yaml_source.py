"""A YAML file as plain values, and the line and column of each of them for error messages."""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent

Path = tuple[str | int, ...]

LONGEST_FILE = 1_000_000
MOST_VALUES = 50_000
"""Values in a file, those behind aliases counted each time: a file cannot grow in memory."""
DEEPEST = 60


@dataclass(frozen=True, slots=True, order=True)
class Flaw:
    """One rule that a file breaks; line and column count from 1."""

    line: int
    column: int
    rule: str


class FileFlawed(Exception):  # noqa: N818 - named like what it tells
    """A file that cannot be read or breaks a rule; one line per flaw."""

    def __init__(self, where: str, flaws: Sequence[Flaw]) -> None:
        self.where = where
        self.flaws = tuple(sorted(flaws))
        super().__init__("\n".join(f"{where}:{one.line}:{one.column}: {one.rule}" for one in self.flaws))


@dataclass(slots=True)
class Source:
    """What a file holds. `where` is how people name it."""

    where: str
    content: Any = None
    places: dict[Path, tuple[int, int]] = field(default_factory=dict)
    """Where each value stands."""
    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)
    """Where the key of each value in a mapping stands."""

    def place(self, path: Path, *, of_key: bool = False) -> tuple[int, int]:
        """Line and column of a value, or of its key; of the nearest value around it where it is not there."""
        places = self.keys if of_key else self.places
        for length in range(len(path), 0, -1):
            if (found := places.get(path[:length])) is not None:
                return found
            places = self.places
        return (1, 1)

    def flaw(self, path: Path, rule: str, *, of_key: bool = False) -> Flaw:
        """A broken rule at that place."""
        return Flaw(*self.place(path, of_key=of_key), rule)


def read_source(text: str, where: str) -> Source:
    """Raises FileFlawed for what is no YAML, too large or too deep."""
    if len(text) > LONGEST_FILE:
        rule = f"a file has at most {LONGEST_FILE} characters, this one {len(text)}"
        raise FileFlawed(where, [Flaw(1, 1, rule)])
    try:
        _check_depth(text, where)
        loaded = _reader().load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        rule = f"this is no YAML: {(error.problem or error.context or 'unreadable').splitlines()[0]}"
        raise FileFlawed(where, [Flaw(line, column, rule)]) from None
    except (YAMLError, ValueError, RecursionError) as error:
        problem = "nested too deep" if isinstance(error, RecursionError) else str(error).split("\n", 1)[0]
        raise FileFlawed(where, [Flaw(1, 1, f"this is no YAML: {problem}")]) from None
    source = Source(where)
    source.content = _Plainer(source).plain(loaded, ())
    return source


def _check_depth(text: str, where: str) -> None:
    """Reading for good recurses, and takes long for what is deep: look at the depth first."""
    depth = 0
    for event in YAML(typ="rt", pure=True).parse(text):
        if isinstance(event, CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                mark = event.start_mark
                rule = f"nested too deep: at most {DEEPEST} levels"
                raise FileFlawed(where, [Flaw(mark.line + 1, mark.column + 1, rule)])
        elif isinstance(event, CollectionEndEvent):
            depth -= 1


class _Constructor(RoundTripConstructor):
    """Leaves times as they are written: a pattern compares them as text."""


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", lambda _self, node: str(node.value))


def _reader() -> YAML:
    yaml = YAML(typ="rt", pure=True)
    yaml.Constructor = _Constructor
    return yaml


class _Plainer:
    """Makes built-in values of what ruamel read, and notes where they stood."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._count = 0

    def plain(self, node: Any, path: Path) -> Any:
        """The value at `path`. Raises FileFlawed."""
        self._count += 1
        if self._count > MOST_VALUES or len(path) > DEEPEST:
            self._refuse(path, f"too much: at most {MOST_VALUES} values, {DEEPEST} levels deep")
        if isinstance(node, CommentedMap):
            return self._mapping(node, path)
        if isinstance(node, CommentedSeq):
            return self._sequence(node, path)
        return self._scalar(node, path)

    def _mapping(self, node: CommentedMap, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.items():
            below = (*path, _key_text(key))
            self._note(self._source.keys, below, node.lc.key, key)
            self._note(self._source.places, below, node.lc.value, key)
            found[str(below[-1])] = self.plain(value, below)
        return found

    def _sequence(self, node: CommentedSeq, path: Path) -> list[Any]:
        found = []
        for index, value in enumerate(node):
            below = (*path, index)
            self._note(self._source.places, below, node.lc.item, index)
            found.append(self.plain(value, below))
        return found

    def _scalar(self, node: Any, path: Path) -> Any:
        """YAML's own kinds as JSON's: text, number, truth, null."""
        if node is None or isinstance(node, bool):
            return node
        if isinstance(node, int):
            return bool(node) if type(node).__name__ == "ScalarBoolean" else int(node)
        if isinstance(node, float):
            if not math.isfinite(node):
                self._refuse(path, "a number must be finite")
            return float(node)
        if not isinstance(node, str):
            self._refuse(
                path, f"a value is a text, a number, true, false or null, not a {type(node).__name__}"
            )
        return str(node)

    def _refuse(self, path: Path, rule: str) -> None:
        raise FileFlawed(self._source.where, [self._source.flaw(path, rule)])

    def _note(
        self,
        places: dict[Path, tuple[int, int]],
        path: Path,
        find: Callable[[Any], tuple[int, int]],
        key: Any,
    ) -> None:
        """What a merge key (`<<`) brought in has no place of its own: the place around it stands for it."""
        try:
            line, column = find(key)
        except (KeyError, TypeError):
            return
        places[path] = (line + 1, column + 1)


def _key_text(key: Any) -> str:
    """Keys are text: `1.6:` is the version 1.6."""
    return json.dumps(key) if key is None or isinstance(key, bool) else str(key)
