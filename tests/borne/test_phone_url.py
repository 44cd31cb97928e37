"""The one URL for a phone."""

from pathlib import Path
from typing import Any

from borne.phone_url import phone_url
from borne.settings import ServerSettings


def test_what_somebody_said_counts_then_what_there_is() -> None:
    """With TLS where there is a certificate."""
    assert phone_url(ServerSettings(public_url="https://borne.example/")) == "https://borne.example/install"
    assert phone_url(ServerSettings(listen="192.0.2.1")) == "http://192.0.2.1:8080/install"
    files: dict[str, Any] = {"http_tls_certificate": Path("c"), "http_tls_key": Path("k")}
    assert phone_url(ServerSettings(listen="192.0.2.1", **files)) == "https://192.0.2.1:8443/install"
