"""`borne own-ca` says what to do next, in three steps."""

from pathlib import Path

from typer.testing import CliRunner

from borne.cli import app

RUNNER = CliRunner()


def run(var: Path, *names: str) -> tuple[int, str]:
    """Exit code and what it says, in English."""
    done = RUNNER.invoke(
        app, ["own-ca", *names, "--var", str(var)], env={"LANG": "en_CA.UTF-8", "LC_ALL": ""}
    )
    return done.exit_code, done.output


def test_it_tells_how_to_start_where_to_look_and_how_to_check(tmp_path: Path) -> None:
    """The authority is the one of before where it may be."""
    code, text = run(tmp_path, "garage.lan", "192.168.1.20")
    assert code == 0, text
    assert f"--http-tls-certificate {tmp_path}/own-ca/chain.pem" in text
    assert "--public-url https://garage.lan:8443" in text
    assert "http://garage.lan:8080/own-ca.crt" in text
    assert "doctor --phone" in text
    assert "█" in text
    assert "is the one of before" not in text
    assert "is the one of before" in run(tmp_path, "garage.lan")[1]


def test_a_url_is_no_name(tmp_path: Path) -> None:
    """Nothing is made of it; without names, this machine's own are taken."""
    code, text = run(tmp_path, "https://garage.lan")
    assert code == 3
    assert "without https://" in text
    assert run(tmp_path)[0] == 0
