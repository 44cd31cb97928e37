"""Secrets and claim codes: made here, kept as salted and peppered HMACs, never shown again."""

import hmac
import string
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from provisioning.credentials import (
    SALT_BYTES,
    SECRET_BYTES,
    Vault,
    check_character,
    entered,
    forget,
    is_mistyped,
    normalise_claim_code,
    offer,
    prove,
    read_password,
    unfit_reason,
    withdraw,
)
from provisioning.pepper import PEPPER_BYTES
from provisioning.records import Credential, CredentialForm, CredentialState, Device
from runtime.chance import CROCKFORD, SeededChance

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
CHANCE = SeededChance(3)
VAULT = Vault(b"p" * PEPPER_BYTES, CHANCE)
bodies = st.text(CROCKFORD, min_size=8, max_size=8)


def test_only_the_secret_itself_matches() -> None:
    """Nor a part of it, nor the empty one."""
    sealed = VAULT.seal(b"secret")
    assert VAULT.matches(sealed, b"secret")
    for other in (b"", b"secre", b"secret\x00", b"Secret"):
        assert not VAULT.matches(sealed, other)
    assert not VAULT.matches(None, b"secret")


def test_the_same_secret_is_stored_differently_each_time() -> None:
    """Salted; and another pepper cannot check it: a stolen database is worth nothing without the file."""
    first, second = VAULT.seal(b"secret"), VAULT.seal(b"secret")
    assert first != second
    assert first[:SALT_BYTES] != second[:SALT_BYTES]
    assert len(first) == SALT_BYTES + 32
    assert not Vault(b"q" * PEPPER_BYTES, CHANCE).matches(first, b"secret")
    assert b"secret" not in first


def test_comparing_takes_the_same_way_whether_there_is_a_secret_or_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Constant-time compare of digests of one length, also for a station that nobody knows (SEC-12)."""
    compared: list[tuple[int, int]] = []
    real = hmac.compare_digest

    def counted(a: Any, b: Any) -> bool:
        compared.append((len(a), len(b)))
        return real(a, b)

    monkeypatch.setattr(hmac, "compare_digest", counted)
    VAULT.matches(VAULT.seal(b"secret"), b"other")
    VAULT.matches(None, b"other")
    VAULT.matches(VAULT.seal(b"secret"), b"")
    assert compared == [(32, 32)] * 3


def test_a_secret_survives_stations_that_mistreat_bytes() -> None:
    """Twenty printable characters: the same as bytes, as text, as UTF-8, and where a NUL ends a text."""
    seen = {VAULT.new_secret() for _ in range(50)}
    assert len(seen) == 50
    for secret in seen:
        assert len(secret) == SECRET_BYTES
        text = secret.decode("latin-1")
        assert text.encode("utf-8") == secret
        assert set(text) <= set(string.printable) - set(string.whitespace) - {":"}


@given(secret=st.binary(min_size=20, max_size=20))
def test_a_password_is_read_in_both_forms(secret: bytes) -> None:
    """The bytes themselves (1.6), or forty hex digits (2.0.1, and 1.6 stations that send them verbatim)."""
    assert read_password(secret) == (secret, CredentialForm.BYTES)
    assert read_password(secret.hex().encode()) == (secret, CredentialForm.TEXT)
    assert read_password(secret.hex().upper().encode()) == (secret, CredentialForm.TEXT)


@example(password=b"g" * 40)
@example(password=b"\xff" * 40)
@given(password=st.binary(max_size=100))
def test_reading_a_password_never_raises(password: bytes) -> None:
    """It comes from the wire."""
    assert isinstance(read_password(password)[0], bytes)


def test_the_vector_of_the_specification() -> None:
    """OCPP-J 1.6 §6.2.2: identity AL1000."""
    key = bytes.fromhex("0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF")
    assert VAULT.matches(VAULT.seal(key), read_password(key)[0])


def test_what_was_valid_stays_valid_until_the_new_secret_is_proved() -> None:
    """Offered, then proved, or withdrawn; an offer that a station agreed to is never taken back from it."""
    fresh = Credential()
    offered = offer(fresh, b"one", CredentialForm.TEXT)
    assert (offered.state, offered.current, offered.offered) == (CredentialState.OFFERED, None, b"one")
    verified = prove(offered, is_offered=True)
    assert (verified.state, verified.current, verified.offered) == (CredentialState.VERIFIED, b"one", None)
    again = offer(verified, b"two", CredentialForm.TEXT)
    assert (again.current, again.offered) == (b"one", b"two")
    assert prove(again, is_offered=False) == again
    assert withdraw(again).state is CredentialState.VERIFIED
    refused = withdraw(offered)
    assert (refused.state, refused.offered) == (CredentialState.REFUSED, b"one")
    assert prove(refused, is_offered=True).state is CredentialState.VERIFIED


def test_a_forgotten_secret_still_counts_until_another_one_works() -> None:
    """Meanwhile it is not demanded; it is again once the station comes with it, or refuses another."""
    verified = Credential(CredentialState.VERIFIED, CredentialForm.TEXT, b"one")
    forgotten = forget(verified, NOON)
    assert verified.is_demanded
    assert not forgotten.is_demanded
    assert (forgotten.state, forgotten.current) == (CredentialState.FORGOTTEN, b"one")
    offered = offer(forgotten, b"two", CredentialForm.TEXT)
    assert not offered.is_demanded
    assert withdraw(offered).is_demanded
    assert prove(offered, is_offered=False).is_demanded
    proved = prove(offered, is_offered=True)
    assert (proved.current, proved.offered, proved.forgotten_at) == (b"two", None, None)
    assert forget(Credential(), NOON) == Credential()


def test_what_somebody_tells_is_demanded_at_once() -> None:
    """Where there was one before, that one still counts until the station has come with the new one."""
    first = entered(Credential(), b"one", CredentialForm.TEXT)
    assert (first.state, first.current, first.is_demanded) == (CredentialState.TOLD, b"one", True)
    assert prove(first, is_offered=False).state is CredentialState.VERIFIED
    second = entered(forget(first, NOON), b"two", CredentialForm.TEXT)
    assert (second.current, second.offered, second.is_demanded) == (b"one", b"two", True)


@pytest.mark.parametrize(
    ("password", "is_v16", "is_fit"),
    [
        ("a" * 15, False, False),
        ("a" * 16, False, True),
        ("a" * 40, True, True),
        ("a" * 41, True, False),
        ("é" * 64, False, True),
        ("a" * 65, False, False),
        ("a" * 15 + "\n", False, False),
        ("", False, False),
    ],
)
def test_a_password_has_its_length(password: str, *, is_v16: bool, is_fit: bool) -> None:
    """A00.FR.205 and its errata; the reason does not repeat it."""
    reason = unfit_reason(password, is_v16=is_v16)
    assert (reason is None) is is_fit
    assert reason is None or not password or password not in str(reason)


@given(st.binary(min_size=16, max_size=20))
def test_bytes_and_their_digits_are_one_secret(secret: bytes) -> None:
    """However a 1.6 station writes its key into Basic auth."""
    assert read_password(secret.hex().encode())[0] == secret
    assert read_password(secret.hex().upper().encode())[0] == secret


def test_nothing_secret_is_in_a_repr() -> None:
    """Not in a traceback, not in a log."""
    credential = Credential(CredentialState.VERIFIED, CredentialForm.TEXT, b"current!", b"offered!")
    device = Device("a", claim_hash=b"hash!", credential=credential)  # type: ignore[arg-type] # a StationId
    for secret in ("current!", "offered!", "hash!"):
        assert secret not in repr(device)
    assert "pepper" not in repr(VAULT).lower()


def test_a_claim_code_is_easy_to_read_and_type() -> None:
    """Eight characters and a check character, all of Crockford's 32."""
    codes = {VAULT.new_claim_code() for _ in range(200)}
    assert len(codes) == 200
    for code in codes:
        assert len(code) == 10
        assert code[4] == "-"
        assert set(code) - {"-"} <= set(CROCKFORD)
        assert not is_mistyped(normalise_claim_code(code))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("k7qm-4t2x", "K7QM4T2X"),
        (" K7 QM 4T 2X ", "K7QM4T2X"),
        ("KOQM-4TIL", "K0QM4T11"),
    ],
)
def test_a_typed_code_is_put_right(typed: str, stored: str) -> None:
    """Case, separators, and the letters that Crockford leaves out."""
    assert normalise_claim_code(typed) == stored


@given(body=bodies, at=st.integers(0, 7), other=st.sampled_from(CROCKFORD))
def test_the_check_character_finds_one_wrong_character(body: str, at: int, other: str) -> None:
    """And two neighbours swapped."""
    check = check_character(body)
    if check not in CROCKFORD:
        return
    assert not is_mistyped(body + check)
    wrong = body[:at] + other + body[at + 1 :]
    assert is_mistyped(wrong + check) is (wrong != body)
    swapped = body[:at] + body[at : at + 2][::-1] + body[at + 2 :]
    assert is_mistyped(swapped + check) is (swapped != body)


def test_a_makers_own_code_is_not_called_mistyped() -> None:
    """Only what has the form of the codes made here."""
    for code in ("K7QM4T2X", "PIN1234567", "12345678*", ""):
        assert not is_mistyped(code)
