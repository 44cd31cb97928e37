"""What is secret by its name, and a text without it: one rule for logs, wire logs and answers."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

HIDDEN = "***"
SHORTEST_KNOWN = 8
"""A known secret of fewer characters is hidden where it stands as a word: it would be found everywhere."""

_SPLIT = re.compile(r"[^A-Za-z]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PARTS = ("password", "passwd", "passphrase", "passcode", "secret", "credential", "privatekey", "pwd")
"""Whatever has one of these in its name is secret."""
_WORDS = frozenset({"psk", "puk", "pin", "simpin", "apikey", "cookie", "pepper"})
_EXACTLY = frozenset({"authorization", "proxyauthorization"})
_KEYS = ("apikey", "authkey", "accesskey", "authorizationkey", "sharedkey", "wepkey", "wpakey", "vpnkey")
_NAMES = frozenset({"id", "type", "name", "info"})
"""`id_token`, `token_type`, `token_name` name a token, and are none."""

_URL = re.compile(r"//([^\s\"'<>]+)")
_QUERY = re.compile(r"([?&;#])([^=&;#?\s]{1,100})=([^&;#\s]+)")
_QUERY_SECRETS = frozenset({"sig", "signature", "key", "code", "auth", "pass", "pw", "sas", "jwt"})
_PAIR = re.compile(
    r"(?i)((?:pass(?:word|wd|phrase|code)|pwd|secret|psk|private_?key|api_?key)"
    r"\\{0,4}[\"']?\s*[=:]\s*\\{0,4}[\"']?)"
    r"((?:[^\s\"',;&}\\]|\\(?![\"']))+)"
)
_PRIVATE_KEY = re.compile(r"(-----BEGIN [A-Z ]*PRIVATE KEY-----)(.*?)(?=-----END|\Z)", re.DOTALL)

Found = Callable[[str], object]


@lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Whether what is called so is a secret: `BasicAuthPassword`, `apn_password`, `WifiPSK`, `ApiKey`.

    Not what only points to a token (`idToken`, `token_type`), and not public keys.
    """
    squeezed = re.sub(r"[^a-z0-9]", "", name.lower())
    if squeezed in _EXACTLY or any(part in squeezed for part in _PARTS):
        return True
    words = [word.lower() for word in _SPLIT.split(name) if word]
    if not words or "public" in words or "publickey" in squeezed:
        return False
    if _WORDS & set(words) or squeezed.endswith(_KEYS):
        return True
    before = words[-2] if len(words) > 1 else ""
    if words[-1] == "token":
        return before not in _NAMES
    return words[-1] == "key" and bool(before) and before not in _NAMES | {"configuration", "unknown"}


def mask_text(text: str, known: Iterable[str] = (), found: Found | None = None) -> str:
    """The text without passwords and signatures in URLs, `password=…`, private keys in PEM, and without the
    `known` secrets. `found` hears of each that was not known.
    """
    for secret in known:
        if secret == text:
            return HIDDEN
        if secret in text:
            is_long = len(secret) >= SHORTEST_KNOWN
            text = text.replace(secret, HIDDEN) if is_long else _without_word(text, secret)
    on_found = found or _nobody
    if "//" in text:
        text = _URL.sub(lambda match: _without_user(match, on_found), text)
    if ("=" in text or ":" in text) and _PAIR.search(text):
        text = _PAIR.sub(lambda match: match[1] + _hidden(match[2], on_found), text)
    if "PRIVATE KEY-----" in text:
        text = _PRIVATE_KEY.sub(lambda match: match[1] + _hidden(match[2], on_found), text)
    return text


def _without_word(text: str, secret: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", HIDDEN, text)


def _without_user(match: re.Match[str], on_found: Found) -> str:
    """A URL without its password; of a user without password, who is then a token, nothing stays."""
    rest = match[1]
    end = next((at for at, sign in enumerate(rest) if sign in "/?#"), len(rest))
    at = rest.rfind("@", 0, end)
    if at < 0 and ":" in rest[:end] and not _is_port(rest[:end]):
        at = rest.rfind("@")  # a password that is not encoded may hold a slash
    if at >= 0:
        user, colon, password = rest[:at].partition(":")
        shown = f"{user}:{_hidden(password, on_found)}" if colon else _hidden(user, on_found)
        rest = shown + rest[at:]
    if "=" in rest:
        rest = _QUERY.sub(lambda pair: _query_pair(pair, on_found), rest)
    return f"//{rest}"


def _is_port(authority: str) -> bool:
    return authority.endswith("]") or authority.rpartition(":")[2].isdigit()


def _query_pair(pair: re.Match[str], on_found: Found) -> str:
    name = pair[2].lower()
    is_secret = name in _QUERY_SECRETS or name.endswith("signature") or is_secret_name(pair[2])
    return f"{pair[1]}{pair[2]}={_hidden(pair[3], on_found) if is_secret else pair[3]}"


def _hidden(secret: str, on_found: Found) -> str:
    if secret and secret != HIDDEN:
        on_found(secret)
    return HIDDEN


def _nobody(_secret: str) -> None:
    """What was found is wanted by nobody."""
