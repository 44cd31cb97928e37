"""What a field must be is said in both languages, whoever made the rule."""

from typing import Annotated, Literal

import pytest
from pydantic import AwareDatetime, BaseModel, Field, SecretStr, ValidationError, model_validator

from runtime.field_rules import ID_PATTERN, rule_words
from runtime.wording import Phrase


class Asked(BaseModel):
    """One of each."""

    choice: Literal["left", "right"] = "left"
    count: Annotated[int, Field(ge=1, le=9)] = 1
    name: Annotated[str, Field(min_length=2, pattern=ID_PATTERN)] = "ab"
    at: AwareDatetime | None = None
    ours: bool = False
    secret: Annotated[SecretStr, Field(min_length=10, max_length=12)] = SecretStr("0123456789")

    @model_validator(mode="after")
    def _ours(self) -> "Asked":
        if self.ours:
            raise ValueError(Phrase("pas cela", "not that"))
        return self


@pytest.mark.parametrize(
    ("given", "french", "english"),
    [
        ({"choice": "up"}, "doit être 'left' ou 'right'", "Input should be 'left' or 'right'"),
        ({"count": 0}, "doit être au moins 1", "Input should be greater than or equal to 1"),
        ({"count": "x"}, "doit être un nombre entier", None),
        ({"name": "a"}, "doit compter au moins 2 caractères", None),
        (
            {"name": "Not so"},
            "lettres minuscules, chiffres et traits d'union",
            "small letters, digits and hyphens",
        ),
        ({"at": "2026-05-01T00:00:00"}, "doit être un instant avec son fuseau", None),
        ({"ours": True}, "pas cela", "not that"),
        ({"secret": "short"}, "doit compter au moins 10 caractères", "at least 10 characters"),
        ({"secret": "longer than that"}, "doit compter au plus 12 caractères", "at most 12 characters"),
    ],
)
def test_a_rule_is_said_in_both_languages(given: dict[str, object], french: str, english: str | None) -> None:
    """Pydantic's too, of which only the English is its own."""
    with pytest.raises(ValidationError) as refused:
        Asked.model_validate(given)
    words = rule_words(refused.value.errors()[0])
    assert words.fr.startswith(french)
    assert english is None or words.en == english
    assert words.fr != words.en


def test_a_rule_that_nobody_translated_is_said_as_it_is() -> None:
    """Better than nothing."""
    words = rule_words({"type": "new_rule", "msg": "Should be round", "loc": ()})
    assert (words.fr, words.en) == ("Should be round", "Should be round")
