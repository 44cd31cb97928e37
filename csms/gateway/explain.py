"""The page a person gets who opens a station's URL in a browser: what to type where, and what failed last.

It tells a stranger nothing about whether a station exists, and quotes nothing unescaped.
"""

import re
from collections.abc import Mapping, Sequence
from html import escape

from csms.gateway.attempts import Attempt
from ocppj.aio.endpoint import ExplainRequest, HttpAnswer
from ocppj.identity import StationTarget
from runtime.wording import NO_BREAK

SHOWN_ATTEMPTS = 5
_HOST = re.compile(r"[A-Za-z0-9.\-]{1,253}(?::\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](?::\d{1,5})?")

_ENGLISH = {
    "colon": ":",
    "title": "OCPP connection point",
    "purpose": "Charging stations connect here by WebSocket. A browser cannot; "
    "this page helps you to set up a station.",
    "identity": "Station id read from this address",
    "no_identity": "This address holds no station id",
    "type": "Type this into the station as the address of the central system",
    "type_alone": "If the station appends its id itself, type",
    "attempts": "Last failed attempts with this id",
    "none": "None since this server started.",
    "versions": "OCPP versions spoken here: 1.6, 2.0.1 and 2.1 (chosen by the WebSocket subprotocol).",
}
_FRENCH = {
    "colon": f"{NO_BREAK}:",
    "title": "Point de connexion OCPP",
    "purpose": "Les bornes de recharge se connectent ici par WebSocket. Un navigateur ne le peut pas; "
    "cette page aide à régler une borne.",
    "identity": "Identifiant de borne lu dans cette adresse",
    "no_identity": "Cette adresse ne contient aucun identifiant de borne",
    "type": "À saisir dans la borne comme adresse du système central",
    "type_alone": "Si la borne ajoute elle-même son identifiant, saisir",
    "attempts": "Derniers essais manqués avec cet identifiant",
    "none": "Aucun depuis le démarrage de ce serveur.",
    "versions": f"Versions d'OCPP comprises ici{NO_BREAK}: 1.6, 2.0.1 et 2.1 (par sous-protocole WebSocket).",
}


def explain_page(request: ExplainRequest, attempts: Sequence[Attempt]) -> HttpAnswer:
    """The page; `attempts` are those of the identity in the URL, newest first."""
    language, words = _language(request.headers)
    target = request.target
    prefix = f"{'wss' if request.peer.is_secure else 'ws'}://{_host(request.headers)}/ocpp/"
    if isinstance(target, StationTarget):
        identity = f"<p>{words['identity']}{words['colon']} <code>{escape(target.identity)}</code></p>"
        address = prefix + target.spelling
    else:
        identity = f"<p>{words['no_identity']}. {escape(target.text)}</p>"
        address = prefix + "<id>"
    body = (
        f"<p>{words['purpose']}</p>{identity}"
        f"<p>{words['type']}{words['colon']}<br><code>{escape(address)}</code></p>"
        f"<p>{words['type_alone']}{words['colon']} <code>{escape(prefix)}</code></p>"
        f"<h2>{words['attempts']}</h2>{_attempt_list(attempts, words)}<p>{words['versions']}</p>"
    )
    return HttpAnswer(200, _document(language, words["title"], body), "text/html; charset=utf-8")


def _document(language: str, title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title></head>'
        f"<body><h1>{title}</h1>{body}</body></html>\n"
    )


def _attempt_list(attempts: Sequence[Attempt], words: Mapping[str, str]) -> str:
    if not attempts:
        return f"<p>{words['none']}</p>"
    lines = "".join(
        f"<li>{attempt.at:%Y-%m-%d %H:%M:%S} UTC: {escape(attempt.detail)}</li>"
        for attempt in attempts[:SHOWN_ATTEMPTS]
    )
    return f"<ul>{lines}</ul>"


def _host(headers: Mapping[str, str]) -> str:
    """What the person typed to get here; nothing else is known to reach this server from where they are."""
    host = headers.get("host", "")
    return host if _HOST.fullmatch(host) else "HOST:9000"


def _language(headers: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
    """The first of the two languages that the browser asks for; English otherwise."""
    for wish in headers.get("accept-language", "").lower().split(","):
        tag = wish.split(";")[0].strip()[:2]
        if tag in ("fr", "en"):
            return tag, _FRENCH if tag == "fr" else _ENGLISH
    return "en", _ENGLISH
