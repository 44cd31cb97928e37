"""YAML files read into pydantic models."""

import pytest
from pydantic import BaseModel, ConfigDict, Field

from runtime.strict_file import parse_model, words_of
from runtime.yaml_source import FileFlawed


class Inner(BaseModel):
    """A part."""

    model_config = ConfigDict(extra="forbid")
    amount: int
    is_: int = Field(default=0, alias="is")
    more: "Inner | None" = None


class Whole(BaseModel):
    """A file."""

    model_config = ConfigDict(extra="forbid")
    parts: tuple[Inner, ...] = ()


def test_words_are_those_of_every_model_inside() -> None:
    """By the name that the file uses; a model inside itself ends."""
    assert sorted(set(words_of(Whole))) == ["amount", "is", "more", "parts"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- 1", "f:1:1: the file must be a mapping of names and values"),
        ("parts: [{amount: x}]", "f:1:18: amount: input should be a valid integer"),
        ("parts:\n  - {amont: 1}", "f:2:6: nothing here is called `amont`; did you mean `amount`?"),
        ("zzzz: 1", "f:1:1: nothing here is called `zzzz`; take it away"),
        ("parts: [{}]", "`amount` is missing here; add it"),
        ("parts: [1]", "f:1:9: this must be a mapping of names and values"),
    ],
)
def test_every_flaw_has_its_place(text: str, told: str) -> None:
    """And says what to do."""
    with pytest.raises(FileFlawed) as flawed:
        parse_model(Whole, text, "f")
    assert told in str(flawed.value)


def test_a_good_file_is_the_model() -> None:
    """Whole."""
    assert parse_model(Whole, "parts: [{amount: 2}]", "f").parts[0].amount == 2
