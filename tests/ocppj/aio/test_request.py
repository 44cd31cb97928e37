"""What the first bytes of a request tell, before anything has parsed it; the rest is played on real sockets
in test_upgrade.
"""

import pytest

from ocppj.aio.request import path_of_other_method


@pytest.mark.parametrize(
    ("first", "path"),
    [
        (b"POST /ocpp/CP1 HTTP/1.1\r\nHost: x\r\n", "/ocpp/CP1"),
        (b"PUT /ocpp/CP1 HTTP/1.0\r\n", "/ocpp/CP1"),
        (b"GET /ocpp/CP1 HTTP/1.1\r\n", None),
        (b"POST /ocpp/CP1 HTTP/1.1", None),
        (b"post /ocpp/CP1 HTTP/1.1\r\n", None),
        ("POST /ocpp/é HTTP/1.1\r\n".encode(), None),
        (b"\x16\x03\x01", None),
    ],
)
def test_the_path_of_a_request_that_is_no_get_is_known(first: bytes, path: str | None) -> None:
    """A station whose URL begins with http:// posts, and names itself in the path."""
    assert path_of_other_method(first) == path
