"""Where a terminal keeps who is logged in to which server: one private file in the person's state folder.

What is kept is the secret of a session, never a password. It goes where `XDG_STATE_HOME` says, as the state
of other programs does.
"""

import json
import os
from pathlib import Path

SESSION_COOKIE = "borne_session"
"""What the login page sets for browsers; its value is a Bearer token as well."""


def logins_file() -> Path:
    """The file; it need not exist."""
    home = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(home) / "borne" / "logins.json"


def saved_login(url: str) -> str | None:
    """The session's secret at this server, or None."""
    return _read().get(_key(url))


def save_login(url: str, secret: str) -> None:
    """Keep it, for the owner's eyes only. Raises OSError."""
    _write(_read() | {_key(url): secret})


def forget_login(url: str) -> str | None:
    """Keep it no longer; what it was. Raises OSError."""
    kept = _read()
    secret = kept.pop(_key(url), None)
    if secret is not None:
        _write(kept)
    return secret


def _key(url: str) -> str:
    return url.rstrip("/")


def _read() -> dict[str, str]:
    """Nothing, where the file cannot be read or is something else: the person logs in again."""
    try:
        kept = json.loads(logins_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(kept, dict):
        return {}
    return {url: secret for url, secret in kept.items() if isinstance(secret, str)}


def _write(kept: dict[str, str]) -> None:
    path = logins_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(path.name + ".new")
    with os.fdopen(
        os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        json.dump(kept, file)
    beside.replace(path)
