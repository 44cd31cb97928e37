"""The page for people says what to type, in their language, and quotes nothing unescaped."""

from csms.gateway.attempts import Attempts
from csms.gateway.explain import explain_page
from ocppj.aio.endpoint import AttemptReason, ExplainRequest, FailedAttempt, Peer
from ocppj.identity import parse_target
from runtime.clock import ManualClock

PEER = Peer("192.0.2.7", 50000)


def ask(target: str, attempts: Attempts | None = None, **headers: str) -> str:
    """The page's text."""
    request = ExplainRequest(
        peer=PEER, target=parse_target(target), headers={k.replace("_", "-"): v for k, v in headers.items()}
    )
    identity = target.rsplit("/", 1)[1]
    return explain_page(request, attempts.latest(identity) if attempts else []).body


def test_it_gives_the_exact_string_to_type() -> None:
    """With the host that the person used to get here, and the identity decoded."""
    body = ask("/ocpp/CP%31", host="csms.example:9000")
    assert "<code>CP1</code>" in body
    assert "<code>ws://csms.example:9000/ocpp/CP%31</code>" in body
    assert "<code>ws://csms.example:9000/ocpp/</code>" in body


def test_it_speaks_french_to_those_who_ask() -> None:
    """The first of the two languages in Accept-Language."""
    assert '<html lang="fr">' in ask("/ocpp/CP1", accept_language="de, fr-CA;q=0.9, en;q=0.8")
    assert '<html lang="en">' in ask("/ocpp/CP1", accept_language="de")


def test_a_host_header_that_is_no_host_is_not_repeated() -> None:
    """Nothing of the request is reflected unchecked."""
    body = ask("/ocpp/CP1", host='x"><script>alert(1)</script>')
    assert "<script>" not in body
    assert "HOST:9000" in body


def test_an_address_without_identity_is_explained() -> None:
    """What is wrong with it, and the form that is right."""
    body = ask("/ocpp/", host="h")
    assert "The station id is missing" in body
    assert "&lt;id&gt;" in body


def test_the_last_failures_of_this_identity_are_listed_newest_first() -> None:
    """Case aside, and escaped."""
    attempts = Attempts(ManualClock())
    for number in range(7):
        attempts.add(
            FailedAttempt(
                peer=PEER,
                reason=AttemptReason.REFUSED,
                detail=f"<b>no {number}",
                first_bytes=b"",
                identity="cp1",
            )
        )
    body = ask("/ocpp/CP1", attempts)
    assert body.index("&lt;b&gt;no 6") < body.index("&lt;b&gt;no 2")
    assert "no 1" not in body
    assert "<b>" not in body
