"""What a certificate is held against, read from files and from a server."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from borne.certificate.evidence import EvidenceUnusable, keys_of, photo_hashes
from charging.certificate.document import canonical
from charging.certificate.photos import photo_hash
from tests.support.certificates import KEYS


class Publishing(BaseHTTPRequestHandler):
    """A server with keys at two addresses."""

    def do_GET(self) -> None:
        """Keys, a page, or nothing."""
        pages = {"/api/v1/certificate-keys": canonical(KEYS), "/k.json": canonical(KEYS), "/page": b"<html>"}
        found = pages.get(self.path)
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write(found or b"")

    def log_message(self, *arguments: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def server() -> Iterator[str]:
    """Its address."""
    with HTTPServer(("127.0.0.1", 0), Publishing) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()
        thread.join()


def test_keys_come_from_a_server(server: str) -> None:
    """Its address will do; a whole URL is taken as it is."""
    assert keys_of(server) == keys_of(f"{server}/") == keys_of(f"{server}/k.json") == KEYS


@pytest.mark.parametrize(("path", "text"), [("/nothing", "404"), ("/page", "does not hold the public keys")])
def test_a_server_without_keys_is_said(server: str, path: str, text: str) -> None:
    """It is the server that must change."""
    with pytest.raises(EvidenceUnusable, match=text) as refused:
        keys_of(server + path)
    assert refused.value.is_elsewhere


def test_keys_come_from_a_file(tmp_path: Path) -> None:
    """One that is not there, or holds none, is said."""
    path = tmp_path / "keys.json"
    with pytest.raises(EvidenceUnusable, match="cannot be read"):
        keys_of(str(path))
    path.write_bytes(b"{}")
    with pytest.raises(EvidenceUnusable, match="public keys") as refused:
        keys_of(str(path))
    assert not refused.value.is_elsewhere
    path.write_bytes(canonical(KEYS))
    assert keys_of(str(path)) == KEYS


def test_photos_are_hashed_by_their_names(tmp_path: Path) -> None:
    """Folders and hidden files are none."""
    (tmp_path / "a.jpg").write_bytes(b"a")
    (tmp_path / ".DS_Store").write_bytes(b"x")
    (tmp_path / "more").mkdir()
    assert photo_hashes(tmp_path) == {"a.jpg": photo_hash(b"a")}
    with pytest.raises(EvidenceUnusable, match="cannot be read"):
        photo_hashes(tmp_path / "none")
