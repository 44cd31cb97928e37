"""The field's words: those of OCPP 2.x, compared and written as people do."""

from enum import Enum
from typing import Any, get_args

import pytest

from ocppj import vocabulary
from ocppj.v21 import messages as v21
from ocppj.v201 import messages as v201
from ocppj.vocabulary import IdToken, IdTokenType, LocalListEntry, VariableRef

WORDS: list[tuple[type[Enum], Any]] = [
    (vocabulary.RegistrationStatus, v201.RegistrationStatusEnumType),
    (vocabulary.BootReason, v201.BootReasonEnumType),
    (vocabulary.Availability, v201.OperationalStatusEnumType),
    (vocabulary.ConnectorStatus, v201.ConnectorStatusEnumType),
    (vocabulary.ChargingState, v201.ChargingStateEnumType),
    (vocabulary.IdTokenType, v201.IdTokenEnumType),
    (vocabulary.AuthorizationStatus, v201.AuthorizationStatusEnumType),
    (vocabulary.TransactionEventKind, v201.TransactionEventEnumType),
    (vocabulary.ResetKind, v21.ResetEnumType),  # which adds a word
    (vocabulary.LocalListUpdate, v201.UpdateEnumType),
]


@pytest.mark.parametrize(("ours", "theirs"), WORDS, ids=[ours.__name__ for ours, _ in WORDS])
def test_the_words_are_those_of_2x(ours: type[Enum], theirs: Any) -> None:
    """Value by value: so 2.x needs no table."""
    assert {word.value for word in ours} == set(get_args(theirs))


@pytest.mark.parametrize("name", ["RegistrationStatus", "ConnectorStatus", "ChargingState"])
def test_21_has_the_same_words(name: str) -> None:
    """What a station says in 2.1 we have a word for."""
    words = set(get_args(getattr(v21, f"{name}EnumType")))
    assert {word.value for word in getattr(vocabulary, name)} == words


def test_what_can_be_triggered_has_a_name_in_2x() -> None:
    """A subset of the messages that a station can be asked for."""
    words = set(get_args(v201.MessageTriggerEnumType))
    assert {message.value for message in vocabulary.TriggeredMessage} <= words


def test_id_tokens_compare_without_regard_to_case() -> None:
    """By their key, also beyond ASCII; the value stays as presented (quirk 50). The type is part of it."""
    assert IdToken("AbC").key == IdToken("aBc").key
    assert IdToken("AbC").value_key == "abc"
    assert IdToken("AbC", IdTokenType.CENTRAL).key != IdToken("AbC").key
    assert IdToken("Stra\u00dfe").key == IdToken("STRASSE").key
    assert IdToken("A").type is IdTokenType.ISO14443
    assert LocalListEntry(IdToken("A"), None).info is None


@pytest.mark.parametrize(
    ("ref", "text"),
    [
        (VariableRef("EVSE", "Power"), "EVSE.Power"),
        (VariableRef("A", "B", component_instance="1"), "A[1].B"),
        (VariableRef("A", "B", variable_instance="x"), "A.B[x]"),
        (VariableRef("A", "B", "1", "x", evse_id=1), "A[1].B[x]"),
    ],
)
def test_variables_are_written_as_people_do(ref: VariableRef, text: str) -> None:
    """Component and variable, each with its instance."""
    assert str(ref) == text


def test_a_token_without_a_type_means_every_token_of_its_value() -> None:
    """1.6 has no types; two that have one are the same where both agree."""
    plain, card = IdToken("ABC", has_type=False), IdToken("abc")
    assert plain.means(card)
    assert plain.means(IdToken("abc", IdTokenType.CENTRAL))
    assert card.means(IdToken("ABC"))
    assert not card.means(IdToken("abc", IdTokenType.CENTRAL))
    assert not plain.means(IdToken("abcd"))
