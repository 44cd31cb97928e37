"""An authorization list from what was pasted: one id token a line, with its type where it is not a card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from console.pasted_lines import PastedLine, WrongLine, pasted_lines
from console.words import Words
from ocppj.vocabulary import IdToken, IdTokenType

LONGEST_VALUE = 36
"""IdTokenType.idToken of OCPP 2.0.1; what the API takes."""
MOST_TOKENS = 20_000
HEADINGS = frozenset(
    {"value", "token", "id token", "id_token", "idtag", "id tag", "uid", "jeton", "carte", "card"}
)
TYPES: Mapping[str, IdTokenType] = {each.value.casefold(): each for each in IdTokenType}


class ListChange(StrEnum):
    """What becomes of the list."""

    ADD = "add"
    REMOVE = "remove"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class TokenLines:
    """What was pasted, all or nothing: `tokens` is the whole list afterwards, unless a line is `wrong`."""

    tokens: tuple[IdToken, ...] = ()
    wrong: tuple[WrongLine, ...] = ()
    count: int = 0
    """Lines that were read."""
    changed: int = 0
    """Tokens that come or go; the others were as they are already."""


def changed_list(change: ListChange, known: Sequence[IdToken], text: str, words: Words) -> TokenLines:
    """The list after a change; nothing of it where a line cannot be meant."""
    lines = pasted_lines(text, HEADINGS)
    listed = {each.key: each for each in known}
    pasted: dict[str, IdToken] = {}
    first: dict[str, int] = {}
    wrong: list[WrongLine] = []
    for line in lines:
        found = _token_of(line, change, listed, words)
        if isinstance(found, WrongLine):
            wrong.append(found)
        elif found.key in pasted:
            wrong.append(_wrong(line, words("tokens.twice", line=first[found.key])))
        else:
            pasted[found.key], first[found.key] = found, line.number
    if wrong:
        return TokenLines(wrong=tuple(wrong), count=len(lines))
    after = _after(change, listed, pasted)
    changed = len(after.keys() ^ listed.keys())
    return TokenLines(tuple(after.values()), (), len(lines), changed)


def _token_of(
    line: PastedLine, change: ListChange, listed: Mapping[str, IdToken], words: Words
) -> IdToken | WrongLine:
    """The token that a line means; of one that is taken out, the one on the list, by its value alone too."""
    if len(line.cells) > 2:
        return _wrong(line, words("tokens.too_many_cells"))
    value, kind = line.cell(0), line.cell(1)
    if not value:
        return _wrong(line, words("tokens.no_value"))
    if len(value) > LONGEST_VALUE:
        return _wrong(line, words("tokens.too_long", most=LONGEST_VALUE))
    if kind and kind.casefold() not in TYPES:
        return _wrong(line, words("tokens.no_type", types=", ".join(each.value for each in IdTokenType)))
    token = IdToken(value, TYPES[kind.casefold()] if kind else IdTokenType.ISO14443)
    if change is not ListChange.REMOVE or token.key in listed:
        return token
    same = [each for each in listed.values() if each.value_key == token.value_key]
    return same[0] if len(same) == 1 and not kind else _wrong(line, words("tokens.not_listed"))


def _after(
    change: ListChange, listed: Mapping[str, IdToken], pasted: Mapping[str, IdToken]
) -> dict[str, IdToken]:
    match change:
        case ListChange.ADD:
            return {**pasted, **listed}
        case ListChange.REMOVE:
            return {key: each for key, each in listed.items() if key not in pasted}
        case ListChange.REPLACE:
            return dict(pasted)


def _wrong(line: PastedLine, fault: str) -> WrongLine:
    return WrongLine(line.number, ", ".join(line.cells), fault)
