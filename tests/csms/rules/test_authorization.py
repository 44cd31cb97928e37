"""Authorize."""

from ocppj.model.authorization import Authorize, AuthorizeResponse
from tests.support.inbound import ACCEPTED, TAG, Bench


def test_authorize_is_only_told() -> None:
    """No row; the answer is the handler's."""
    bench = Bench()
    reply = AuthorizeResponse(ACCEPTED)
    assert bench.send(Authorize(TAG), proposal=reply) == reply
    assert bench.rows == []
    assert bench.events[0].payload == {"id_token": TAG.value, "status": "Accepted"}
