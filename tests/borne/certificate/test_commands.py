"""`borne certificate` as people and programs call it: on real files, each refusal by its name."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner, Result

from borne.cli import app
from charging.certificate.document import canonical, to_file
from charging.certificate.page import certificate_pdf
from charging.certificate.signing import public_bytes_of, published, sign
from tests.support.certificates import ISSUED, KEY, KEYS, OTHER_KEY, HandedOver, handed_over


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """English, and a `var/` of our own."""
    monkeypatch.setenv("LC_ALL", "en_CA.UTF-8")
    monkeypatch.setenv("BORNE_VAR", str(tmp_path / "var"))


@dataclass(frozen=True)
class Files:
    """What was handed over, on disk."""

    file: Path
    pdf: Path
    keys: Path
    frames: Path
    photos: Path

    @property
    def arguments(self) -> list[str]:
        """To verify all of it."""
        return [f"--key={self.keys}", f"--frames={self.frames}", f"--photos={self.photos}"]


def written(folder: Path, whole: HandedOver) -> Files:
    """All of it as files."""
    folder.mkdir()
    files = Files(*(folder / name for name in ("c.json", "c.pdf", "keys.json", "f.jsonl", "photos")))
    files.file.write_bytes(to_file(whole.signed))
    files.pdf.write_bytes(certificate_pdf(whole.signed, language="fr", paper="Letter", at=ISSUED, key=KEY))
    files.keys.write_bytes(canonical(KEYS))
    files.frames.write_bytes(whole.frames)
    files.photos.mkdir()
    for name, content in whole.photos.items():
        (files.photos / name).write_bytes(content)
    return files


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """A certificate with all that belongs to it."""
    return written(tmp_path / "a", handed_over())


@pytest.fixture
def other(tmp_path: Path) -> Files:
    """Another station's, with other photos."""
    return written(tmp_path / "b", handed_over(run="run-2", station="0011223344AA", photos={"x.jpg": b"x"}))


def certificate(*arguments: str | Path) -> Result:
    """The command, in this process."""
    return CliRunner().invoke(app, ["certificate", *map(str, arguments)])


def test_what_is_whole_is_valid(files: Files) -> None:
    """As JSON and as PDF; what was looked at is said."""
    for file in (files.file, files.pdf):
        found = certificate("verify", file, *files.arguments)
        assert found.exit_code == 0, found.output
        assert f"✓ Valid: signed by Bornes du Nord, key {KEYS.keys[0].key_id}." in found.output
        assert "the 6 frames, the 2 photos" in found.output
        assert "≈ Test charge - Started and stopped with a tester, 0\u00a0kWh" in found.output
        assert "Not examined" not in found.output


def test_what_was_not_given_is_said_to_be_not_examined(files: Files) -> None:
    """In French too."""
    found = certificate("verify", files.file, f"--key={files.keys}", "--lang=fr")
    assert found.exit_code == 0
    assert "✓ Valide\u00a0: signé par Bornes du Nord" in found.output
    assert "Pas examiné, faute d'avoir été donné\u00a0: les 6 trames, les 2 photos" in found.output


def test_an_unknown_issuer_is_said_with_its_own_exit_code(files: Files) -> None:
    """It is not called false."""
    found = certificate("verify", files.file)
    assert found.exit_code == 4
    assert "? Whole, but its issuer is unknown: it calls itself Bornes du Nord" in found.output


def flipped_bit(files: Files, other: Files) -> None:
    """In the text of the certificate."""
    content = bytearray(files.file.read_bytes())
    content[content.index(b"Hochelaga")] ^= 1
    files.file.write_bytes(content)


def swapped_photos(files: Files, other: Files) -> None:
    """Each under the other's name."""
    (files.photos / "box.jpg").rename(files.photos / "x")
    (files.photos / "label.jpg").rename(files.photos / "box.jpg")
    (files.photos / "x").rename(files.photos / "label.jpg")


def replaced_photo(files: Files, other: Files) -> None:
    """Taken elsewhere."""
    (files.photos / "box.jpg").write_bytes(b"another box")


def photos_of_another_run(files: Files, other: Files) -> None:
    """The whole folder."""
    shutil.rmtree(files.photos)
    shutil.copytree(other.photos, files.photos)


def frames_of_another_station(files: Files, other: Files) -> None:
    """The whole file."""
    files.frames.write_bytes(other.frames.read_bytes())


def frame_left_out(files: Files, other: Files) -> None:
    """The third."""
    lines = files.frames.read_bytes().splitlines(keepends=True)
    files.frames.write_bytes(b"".join([*lines[:3], *lines[4:]]))


def edited_and_signed_again(files: Files, other: Files) -> None:
    """With a key of one's own."""
    said = msgspec.structs.replace(handed_over().signed.certificate, items=())
    files.file.write_bytes(to_file(sign(said, OTHER_KEY)))


def signed_after_the_keys_end(files: Files, other: Files) -> None:
    """The keys say when it ended."""
    ended = published(public_bytes_of(KEY), None, ISSUED - timedelta(seconds=1))
    files.keys.write_bytes(canonical(msgspec.structs.replace(KEYS, keys=(ended,))))


@pytest.mark.parametrize(
    ("spoil", "reason", "text"),
    [
        (flipped_bit, "signature_false", "something was changed since"),
        (swapped_photos, "photo_swapped", "there is another photo of the run, label.jpg"),
        (replaced_photo, "photo_changed", "box.jpg is not the photo that was taken"),
        (photos_of_another_run, "photos_of_another_run", "is of this run: they are of another"),
        (frames_of_another_station, "frames_of_another_station", "another station's, 0011223344AA"),
        (frame_left_out, "frame_left_out", "Frame 3 was left out: the chain is broken"),
        (edited_and_signed_again, "key_of_another", "which this issuer never published"),
        (signed_after_the_keys_end, "key_ended", "after the end of the key"),
    ],
)
def test_each_is_refused_with_its_reason(
    files: Files, other: Files, spoil: Callable[[Files, Files], None], reason: str, text: str
) -> None:
    """Exit code 1; a sentence for people, a name for programs; nothing of the content is shown as if true."""
    spoil(files, other)
    found = certificate("verify", files.file, *files.arguments)
    assert found.exit_code == 1, found.output
    assert text in found.output
    assert "Cannot be checked here" not in found.output
    told = json.loads(certificate("verify", files.file, *files.arguments, "--json").output)
    assert told["trust"] == "refused"
    assert reason in [each["reason"] for each in told["refused"]]
    assert all(each["text"] != each["text_fr"] for each in told["refused"])


def test_a_changed_pdf_is_refused(files: Files) -> None:
    """One letter of its title; and the same page without its seal."""
    content = files.pdf.read_bytes()
    for changed, text in (
        (content.replace(b"/Title", b"/TitlE", 1), "The PDF was changed since it was sealed"),
        (content[: content.rindex(b"\n%borne")], "The PDF carries no seal"),
    ):
        files.pdf.write_bytes(changed)
        found = certificate("verify", files.pdf, f"--key={files.keys}")
        assert (found.exit_code, text in found.output) == (1, True), found.output


def test_what_cannot_be_read_is_wrong_usage(files: Files, tmp_path: Path) -> None:
    """A file that is not there, keys that are none, a language that nobody wrote."""
    for arguments, text in (
        ((tmp_path / "none.json",), "none.json cannot be read"),
        ((files.file, f"--key={files.file}"), "does not hold the public keys"),
        ((files.file, f"--frames={tmp_path / 'none'}"), "none cannot be read"),
        ((files.file, "--lang=de"), "--lang is fr or en"),
    ):
        found = certificate("verify", *arguments)
        assert (found.exit_code, text in found.output) == (2, True), found.output


def test_a_server_that_does_not_answer_is_not_wrong_usage(files: Files) -> None:
    """Exit code 3: the same command may do tomorrow."""
    found = certificate("verify", files.file, "--key=http://127.0.0.1:9")
    assert found.exit_code == 3
    assert "http://127.0.0.1:9/api/v1/certificate-keys does not give the keys" in found.output


def test_the_page_is_made_again(files: Files, tmp_path: Path) -> None:
    """In another language, on another paper, with the key of this machine."""
    made = tmp_path / "en.pdf"
    assert certificate("pdf", files.file, made, "--lang=en", "--paper=A4").exit_code == 0
    (tmp_path / "keys.json").write_text(certificate("keys").output)
    assert certificate("verify", made).exit_code == 4
    found = certificate("verify", made, f"--key={tmp_path / 'keys.json'}")
    assert (found.exit_code, "never published" in found.output) == (1, True)  # the certificate is another's
    assert b"(en-CA)" in made.read_bytes()


def test_what_is_refused_gets_no_page(files: Files, other: Files, tmp_path: Path) -> None:
    """With the reason; a file that is not there and a place that takes nothing are told too."""
    made = tmp_path / "made.pdf"
    assert certificate("pdf", tmp_path / "none.json", made).exit_code == 2
    assert certificate("pdf", files.file, tmp_path / "none" / "x.pdf").exit_code == 3
    flipped_bit(files, other)
    found = certificate("pdf", files.file, made)
    assert (found.exit_code, "something was changed since" in found.output) == (1, True)
    assert not made.exists()


def test_keys_are_rotated_and_stay_published(tmp_path: Path) -> None:
    """What `keys` prints is what `--key` takes; a key that is broken is told."""
    assert json.loads(certificate("keys").output)["keys"] == []
    for count in (1, 2):
        found = certificate("rotate-key", "--issuer", "Bornes du Sud")
        assert found.exit_code == 0, found.output
        assert found.output.startswith("Bornes du Sud signs with the key ")
        told = json.loads(certificate("keys").output)
        assert (told["issuer"], len(told["keys"])) == ("Bornes du Sud", count)
    (tmp_path / "var" / "certificate-key.public.json").write_text("{}")
    found = certificate("rotate-key")
    assert (found.exit_code, "restore the file from the backup" in found.output) == (3, True)
