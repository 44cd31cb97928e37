"""Forms of several fields: what was typed stays, and what is wrong stands beside its field."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, TypeVar

from pydantic import BaseModel, ValidationError

from console.words import Words
from runtime.field_rules import rule_words
from runtime.http import Problem
from runtime.wording import Phrase, WayOut

Body = TypeVar("Body", bound=BaseModel)
FieldKind = Literal["text", "long", "number", "time", "date", "tick", "choice", "password"]
CORRECT_FIELD = WayOut("Corrigez le champ.", "Correct the field.")
WHOLE = ""
"""The form itself, among the faults of its fields."""


class FieldsWrong(ValueError):  # noqa: N818 - named by what is wrong
    """What is wrong with what was typed, by field, in the reader's language; of the whole under `WHOLE`."""

    def __init__(self, faults: Mapping[str, str], status: int = 422) -> None:
        super().__init__(", ".join(faults))
        self.faults, self.status = faults, status


@dataclass(frozen=True, slots=True)
class TypedField:
    """A field, with what was typed into it and what is wrong with that."""

    name: str
    label: str
    value: str = ""
    fault: str = ""
    hint: str = ""
    kind: FieldKind = "text"
    is_required: bool = False
    choices: Sequence[tuple[str, str]] = ()
    """Value and text, of which one is chosen."""
    proposals: Sequence[str] = ()


def checked(kind: type[Body], fields: Mapping[str, object]) -> Body:
    """What somebody filled in. Raises Problem 422 with the first field that is wrong."""
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        rule = rule_words(first)
        text = rule if not field else Phrase(f"{field} : {rule.fr}", f"{field}: {rule}")
        raise Problem(422, "invalid_request", text, CORRECT_FIELD) from None


@contextmanager
def refusals_at_fields(words: Words, *fields: str) -> Iterator[None]:
    """What is refused by the rest of the program is told at the field whose name its code has, else of the
    form. What is not theirs to see stays a Problem. Raises FieldsWrong.
    """
    try:
        yield
    except Problem as problem:
        if problem.status in (403, 404) and not fields:
            raise
        where = next((each for each in fields if each.upper() in problem.code), WHOLE)
        raise FieldsWrong({where: words.problem(problem)}, problem.status) from problem


def read_body(kind: type[Body], typed: Mapping[str, object], words: Words) -> Body:
    """What was typed, as what the API takes. Raises FieldsWrong."""
    try:
        return kind.model_validate(typed)
    except ValidationError as error:
        faults: dict[str, str] = {}
        for each in error.errors(include_input=False):
            field = str(each["loc"][0]) if each["loc"] else WHOLE
            faults.setdefault(field, words.phrase(rule_words(each)))
        raise FieldsWrong(faults) from None


def filled(typed: Mapping[str, str]) -> dict[str, str | None]:
    """Without blanks around; what was left empty is None."""
    return {name: text.strip() or None for name, text in typed.items()}


def check_one_of_both(form: Mapping[str, str], words: Words) -> None:
    """Lines are pasted, or come in a file. Raises FieldsWrong for both at once."""
    if form.get("lines", "").strip() and form.get("file", "").strip():
        raise FieldsWrong({WHOLE: words("pasted.one_of_both")})
