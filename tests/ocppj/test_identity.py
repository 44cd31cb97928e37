"""The identity of a URL and its credentials: parsed once, refused with a reason, never something else than
was sent."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppj.identity import (
    IDENTITY_CHARACTERS,
    Credentials,
    MalformedCredentialsError,
    RefusedTarget,
    StationTarget,
    TargetFault,
    Toleration,
    parse_target,
    split_basic_auth,
)

MAC = "0024:B100:0002:9F81"
CHARACTERS = "ABCXYZabcxyz0189*-_=:+|@."


@pytest.mark.parametrize(
    ("target", "identity", "tolerated"),
    [
        ("/ocpp/CP1", "CP1", ()),
        (b"/ocpp/CP1", "CP1", ()),
        ("/ocpp/cp-1*a_b=c+d|e@f.g", "cp-1*a_b=c+d|e@f.g", ()),
        (f"/ocpp/{MAC}", MAC, ()),
        ("/ocpp/0024%3AB100%3a0002%3A9F81", MAC, ()),
        ("http://csms.example:9000/ocpp/CP1", "CP1", (Toleration.ABSOLUTE_FORM,)),
        ("WSS://csms.example/ocpp/CP1", "CP1", (Toleration.ABSOLUTE_FORM,)),
        ("///ocpp//CP1", "CP1", (Toleration.REPEATED_SLASHES,)),
        ("/ocpp/CP1/", "CP1", (Toleration.TRAILING_SLASH,)),
        ("/ocpp/CP1/CP1", "CP1", (Toleration.IDENTITY_REPEATED,)),
        ("/OCPP/CP1", "CP1", (Toleration.PREFIX_CASE,)),
        ("/ocpp/CP1?x=/B", "CP1", (Toleration.QUERY_IGNORED,)),
        ("/ocpp/" + "x" * IDENTITY_CHARACTERS, "x" * IDENTITY_CHARACTERS, ()),
    ],
)
def test_identity_is_read_and_every_oddity_named(
    target: str | bytes, identity: str, tolerated: tuple[Toleration, ...]
) -> None:
    """Quirks 4, 5 and 7: absolute form, repeated slashes and percent-encoding still name the station."""
    parsed = parse_target(target)
    assert isinstance(parsed, StationTarget)
    assert (parsed.identity, parsed.tolerated) == (identity, tolerated)


@pytest.mark.parametrize(
    ("target", "fault"),
    [
        ("/", TargetFault.WRONG_PATH),
        ("", TargetFault.WRONG_PATH),
        ("*", TargetFault.WRONG_PATH),
        ("ocpp/CP1", TargetFault.WRONG_PATH),
        ("/CP1", TargetFault.WRONG_PATH),
        ("http://csms.example", TargetFault.WRONG_PATH),
        ("/ocpp", TargetFault.NO_IDENTITY),
        ("/ocpp//", TargetFault.NO_IDENTITY),
        ("/ocpp/A/B", TargetFault.TOO_MANY_SEGMENTS),
        ("/ocpp/A/A/A", TargetFault.TOO_MANY_SEGMENTS),
        ("/ocpp/" + "x" * 49, TargetFault.TOO_LONG),
        ("/ocpp/CP%1", TargetFault.BAD_ESCAPE),
        ("/ocpp/CP%", TargetFault.BAD_ESCAPE),
        ("/ocpp/CP%zz", TargetFault.BAD_ESCAPE),
        ("/ocpp/A%2FB", TargetFault.BAD_CHARACTER),
        ("/ocpp/%2541", TargetFault.BAD_CHARACTER),
        ("/ocpp/CP%001", TargetFault.BAD_CHARACTER),
        ("/ocpp/CP%0d%0a1", TargetFault.BAD_CHARACTER),
        ("/ocpp/..", TargetFault.BAD_CHARACTER),
        ("/ocpp/%2e%2e", TargetFault.BAD_CHARACTER),
        ("/ocpp/.", TargetFault.BAD_CHARACTER),
        ("/ocpp/é", TargetFault.BAD_CHARACTER),
        ("/ocpp/☃", TargetFault.BAD_CHARACTER),
        ("/ocpp/%c3%a9", TargetFault.BAD_CHARACTER),
        ("/ocpp/A#B", TargetFault.BAD_CHARACTER),
        ("/ocpp/$SYS", TargetFault.BAD_CHARACTER),
        ("/ocpp/';--", TargetFault.BAD_CHARACTER),
        ("/ocpp/<script>", TargetFault.BAD_CHARACTER),
    ],
)
def test_target_without_a_station_is_refused_with_its_reason(target: str, fault: TargetFault) -> None:
    """No two readers can disagree about a target that is refused; the text never quotes it."""
    parsed = parse_target(target)
    assert isinstance(parsed, RefusedTarget)
    assert parsed.fault is fault
    assert "script" not in parsed.text


@given(st.text(max_size=300) | st.binary(max_size=300))
def test_any_target_is_refused_or_names_a_clean_identity(target: str | bytes) -> None:
    """Nothing but the characters of identifierString ever comes out, and nothing is ever raised."""
    parsed = parse_target(target)
    if isinstance(parsed, StationTarget):
        assert 1 <= len(parsed.identity) <= IDENTITY_CHARACTERS
        assert parsed.identity.isascii()
        assert not set(parsed.identity) & set("/%?#\\ \r\n\0")


@given(st.text(CHARACTERS, min_size=1, max_size=48).filter(lambda name: name.strip(".")))
def test_every_identity_survives_percent_encoding(identity: str) -> None:
    """Encoded or not, the same station."""
    encoded = "".join(f"%{ord(character):02X}" for character in identity)
    for spelling in (identity, encoded):
        parsed = parse_target(f"/ocpp/{spelling}")
        assert isinstance(parsed, StationTarget)
        assert parsed.identity == identity


def basic(text: bytes) -> str:
    return "Basic " + base64.b64encode(text).decode()


@given(
    st.text(CHARACTERS, min_size=1, max_size=48),
    st.binary(max_size=40),
)
def test_username_ends_where_the_identity_does(identity: str, password: bytes) -> None:
    """An identity with ':' and a password with ':' are told apart; the password may be any bytes."""
    credentials = split_basic_auth(basic(identity.encode() + b":" + password), identity)
    assert credentials == Credentials(identity, password, is_identity=True)


def test_username_compares_without_case() -> None:
    """identifierString is case-insensitive (OCPP 2.0.1 part 2)."""
    assert split_basic_auth(basic(b"cp1:x"), "CP1") == Credentials("cp1", b"x", is_identity=True)


def test_username_may_be_percent_encoded_as_in_the_url() -> None:
    """Quirk 7: the id is encoded in the URL and used raw, still encoded, in Basic auth."""
    spelling = "0024%3AB100"
    credentials = split_basic_auth(basic(b"0024%3AB100:secret"), "0024:B100", spelling)
    assert credentials == Credentials(spelling, b"secret", is_identity=True)


def test_foreign_username_is_said_to_be_one() -> None:
    """A username other than the identity is for the endpoint to refuse."""
    assert split_basic_auth(basic(b"CP2:x:y"), "CP1") == Credentials("CP2", b"x:y", is_identity=False)
    assert not split_basic_auth(basic(b"\xff:x"), "CP1").is_identity


@pytest.mark.parametrize("header", ["", "Bearer abc", "Basic", "Basic %%%", basic(b"no colon"), "Basic é"])
def test_malformed_credentials_are_refused_without_quoting_them(header: str) -> None:
    """One error type, and no secret in its text."""
    with pytest.raises(MalformedCredentialsError) as caught:
        split_basic_auth(header, "CP1")
    assert "abc" not in str(caught.value)


def test_password_is_not_shown() -> None:
    """Secrets never appear in a repr."""
    assert "hunter2" not in repr(split_basic_auth(basic(b"CP1:hunter2"), "CP1"))
