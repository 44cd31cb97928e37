"""The words of OCPP 1.6 survive the way to the neutral types and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppj.v16 import convert
from ocppj.v16.configuration import KEYS
from ocppj.vocabulary import (
    AuthorizationStatus,
    ChargingState,
    ConnectorStatus,
    IdToken,
    ResetKind,
    TriggeredMessage,
    VariableRef,
)

NINE = [
    "Available",
    "Preparing",
    "Charging",
    "SuspendedEV",
    "SuspendedEVSE",
    "Finishing",
    "Reserved",
    "Unavailable",
    "Faulted",
]


@pytest.mark.parametrize("word", NINE)
def test_each_of_the_nine_statuses_comes_back(word: str) -> None:
    """A status and a charging state together hold everything that the nine words say."""
    status = convert.status_from_v16(word)
    assert status is not None
    assert convert.status_to_v16(status, convert.charging_state_from_v16(word)) == word


@pytest.mark.parametrize("status", ConnectorStatus)
@pytest.mark.parametrize("state", [None, *ChargingState])
def test_every_neutral_status_has_a_word(status: ConnectorStatus, state: ChargingState | None) -> None:
    """Nothing a simulated station can be in is without a 1.6 word, and the word reads back as the status."""
    assert convert.status_from_v16(convert.status_to_v16(status, state)) is status


def test_an_unknown_status_has_no_meaning() -> None:
    """An invented word is not silently one of the five."""
    assert convert.status_from_v16("Sleeping") is None


@given(st.integers(0, 1 << 40))
def test_connectors_come_back(connector_id: int) -> None:
    """Connector N is EVSE N, connector 1; connector 0 is the whole station."""
    evse_id, connector = convert.connector_from_v16(connector_id)
    assert connector == (1 if connector_id else 0)
    assert convert.connector_to_v16(evse_id) == connector_id


@given(st.integers())
def test_transaction_ids_come_back_unless_they_mean_none(number: int) -> None:
    """0 and negative numbers mean that the station has none (quirks 35, 36), also without their sign."""
    text = convert.transaction_id_from_v16(number)
    if number <= 0 or 2**31 <= number < 2**32:
        assert text is None
    else:
        assert text is not None
        assert convert.transaction_id_to_v16(text) == number


@given(st.text(max_size=20))
def test_id_tokens_come_back(id_tag: str) -> None:
    """The one kind of token of 1.6 is ISO14443."""
    assert convert.id_token_to_v16(convert.id_token_from_v16(id_tag)) == id_tag
    assert convert.id_token_from_v16(id_tag) == IdToken(id_tag)


@pytest.mark.parametrize("status", AuthorizationStatus)
def test_only_accepted_is_accepted(status: AuthorizationStatus) -> None:
    """Whatever is lost in five words, nobody becomes accepted on the way."""
    word = convert.authorization_to_v16(status)
    assert word in {"Accepted", "Blocked", "Expired", "Invalid", "ConcurrentTx"}
    assert (convert.authorization_from_v16(word) is AuthorizationStatus.ACCEPTED) == (
        status is AuthorizationStatus.ACCEPTED
    )


def test_an_unknown_verdict_is_invalid() -> None:
    """Nobody charges on a typing error."""
    assert convert.authorization_from_v16("accepted") is AuthorizationStatus.INVALID


@pytest.mark.parametrize("word", sorted(convert.STOPPED_REASONS))
def test_stopped_reasons_come_back(word: str) -> None:
    """Each of the eleven reasons."""
    assert convert.stopped_reason_to_v16(convert.stopped_reason_from_v16(word)) == word


def test_a_missing_reason_is_local_and_an_unknown_one_is_kept() -> None:
    """1.6 §4.10: the reason may be left out when it is Local."""
    assert convert.stopped_reason_from_v16(None) == "Local"
    assert convert.stopped_reason_from_v16("Moon") == "Moon"
    assert convert.stopped_reason_to_v16("Moon") == "Other"


@pytest.mark.parametrize("kind", [ResetKind.ON_IDLE, ResetKind.IMMEDIATE])
def test_resets_come_back(kind: ResetKind) -> None:
    """Soft and Hard."""
    assert convert.reset_from_v16(convert.reset_to_v16(kind)) is kind


def test_triggers_come_back_where_the_version_has_them() -> None:
    """1.6 has no TransactionEvent; everything else has a word."""
    without = {m for m in TriggeredMessage if convert.trigger_to_v16(m) is None}
    assert without == {TriggeredMessage.TRANSACTION_EVENT}
    for message in set(TriggeredMessage) - without:
        assert convert.trigger_from_v16(convert.trigger_to_v16(message) or "") is message
    assert convert.trigger_from_v16("Nothing") is None


@given(st.sampled_from(sorted(KEYS)) | st.text(min_size=1, max_size=50), st.booleans())
def test_configuration_keys_come_back(key: str, folded: bool) -> None:
    """A known key in any case is its variable; any other is itself, under ConfigurationKey."""
    ref = convert.variable_from_v16(key.upper() if folded and key in KEYS else key)
    back = convert.variable_to_v16(ref)
    assert back is not None
    assert back.casefold() == key.casefold()


def test_two_keys_are_never_one_variable() -> None:
    """The table can be read both ways."""
    assert len(set(KEYS.values())) == len(KEYS)


def test_a_variable_without_a_key_says_so() -> None:
    """1.6 has no TariffCostCtrlr."""
    assert convert.variable_to_v16(VariableRef("TariffCostCtrlr", "Currency")) is None
