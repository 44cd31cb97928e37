"""What is known of one station in one file for a bug report, without secrets and without places.

A zip of JSON: whoever gets it can read it with `jq` and compare it with what the station's maker says. Taken
out are secrets, by field, name and place in a URL; where the station and its site are; and who charges.
"""

import contextlib
import json
import os
import platform
import re
import sys
import zipfile
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from borne.ctl import station_path
from borne.doctor.remarks import Chapter
from csms.domain.secrets import NAME_FIELDS, VALUE_FIELDS, mask_payload
from runtime.client import ApiClient, ApiRefused
from runtime.errors import RuntimeProblem
from runtime.secrets import HIDDEN
from runtime.wording import Phrase

FRAMES, TRANSACTIONS, ATTEMPTS, COMMANDS, STATES = 1000, 100, 200, 500, 500
"""The newest ones are taken, so many at most."""
PRIVATE = 0o600

_PLACES = re.compile(
    r"latitude|longitude|gps|geo|address|position|coordinates|place|site|floor", re.IGNORECASE
)
_PLACES_SHORT = frozenset({"lat", "lon", "lng"})
_NOT_PLACES = frozenset({"mac_address", "site_id", "place_id"})
_COORDINATES = re.compile(r"-?\d{1,3}[.,]\d{3,}\s*°?\s*[NS]?\s*[,;/ ]\s*-?\d{1,3}[.,]\d{3,}\s*°?\s*[EWO]?")
_NAMED = re.compile(r"(?i)\b((?:lat(?:itude)?|lon(?:gitude)?|lng|gps)\W{1,5})(-?\d[\d.,]*)")
_PEOPLE = frozenset({"idtag", "idtoken", "parentidtag", "groupidtoken", "requestedby", "madeby", "by"})
_NAMES = (*NAME_FIELDS, "variable")


class BundleExists(RuntimeProblem):
    """The file is there already, and is not overwritten."""


async def collect(api: ApiClient, name: str, chapters: Iterable[Chapter]) -> dict[str, Any]:
    """Every document by its file name, masked. Raises ApiError; what the role may not see is said instead."""
    path = station_path(name)
    asked: dict[str, Callable[[], Awaitable[Any]]] = {
        "station.json": lambda: api.get(path),
        "lifecycle.json": lambda: api.get(f"{path}/lifecycle"),
        "activation.json": lambda: api.get(f"{path}/activation"),
        "configuration.json": lambda: api.get_all(f"{path}/variables"),
        "frames.json": lambda: api.get(f"{path}/messages", limit=FRAMES),
        "attempts.json": lambda: api.get("/connection-attempts", limit=ATTEMPTS, identity=name),
        "commands.json": lambda: api.get(f"{path}/command-log", limit=COMMANDS),
        "connector-states.json": lambda: api.get(f"{path}/connector-states", limit=STATES),
        "security-events.json": lambda: api.get(f"{path}/security-events", limit=COMMANDS),
        "transactions.json": lambda: api.get("/transactions", limit=TRANSACTIONS, station=name),
    }
    found: dict[str, Any] = {}
    for file, ask in asked.items():
        try:
            found[file] = await ask()
        except ApiRefused as refused:
            found[file] = {"missing": f"{refused.status} {refused.code}"}
    found["findings.json"] = [
        {"chapter": title_of(chapter), "level": each.level.name, "text": each.text, "way_out": each.way_out}
        for chapter in chapters
        for each in chapter.remarks
    ]
    found["versions.json"] = _versions()
    return {file: without_private(document) for file, document in found.items()}


def title_of(chapter: Chapter) -> str:
    """Its title, in English."""
    return chapter.title if isinstance(chapter.title, str) else chapter.title.en


def without_private(document: Any) -> Any:
    """A JSON value without secrets, places and people; the shape stays, for the rest to be understood."""
    return _node(mask_payload(document))


def write_bundle(path: Path, documents: Mapping[str, Any], at: datetime) -> list[str]:
    """Write the zip, for its owner's eyes only; a line for each file in it. Raises BundleExists, OSError."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    except FileExistsError:
        raise BundleExists(
            Phrase(
                f"{path} existe déjà, et n'est pas écrasé : nommez un autre fichier.",
                f"{path} is there already, and is not overwritten: name another file.",
            )
        ) from None
    lines = []
    moment = at.timetuple()[:6]
    with os.fdopen(descriptor, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, document in documents.items():
            text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
            content = text.encode("utf-8", "backslashreplace")
            bundle.writestr(zipfile.ZipInfo(name, moment), content, zipfile.ZIP_DEFLATED)
            lines.append(f"{name}  {_size(document)}, {len(content)} bytes")
    return lines


def _size(document: Any) -> str:
    if isinstance(document, dict) and "missing" in document:
        return f"not there ({document['missing']})"
    rows = document.get("messages", document) if isinstance(document, dict) else document
    return f"{len(rows)} {'rows' if isinstance(rows, list) else 'fields'}"


def _versions() -> dict[str, str]:
    return {
        "borne": metadata.version("borne"),
        "python": sys.version.split()[0],
        "platform": platform.platform(),
        "websockets": metadata.version("websockets"),
        "msgspec": metadata.version("msgspec"),
    }


def _node(node: Any) -> Any:
    if isinstance(node, list):
        return [_node(each) for each in node]
    if isinstance(node, str):
        return _text(node)
    if not isinstance(node, dict):
        return node
    named = " ".join(name for key in _NAMES if isinstance(name := node.get(key), str))
    return {
        key: HIDDEN if value and (key in VALUE_FIELDS and _is_private(named)) else _member(key, value)
        for key, value in node.items()
    }


def _member(name: str, value: Any) -> Any:
    if name == "raw" and isinstance(value, str):
        return _raw(value)
    if value is None or isinstance(value, bool):
        return value
    return HIDDEN if _is_private(name) else _node(value)


def _is_private(name: str) -> bool:
    plain = name.lower()
    if plain in _NOT_PLACES:
        return False
    is_place = plain in _PLACES_SHORT or bool(_PLACES.search(plain))
    return is_place or re.sub(r"[^a-z]", "", plain) in _PEOPLE


def _raw(text: str) -> Any:
    """A frame as it went over the wire: masked as what it says, or where it says nothing, as a text."""
    return _text(text) if text[:1] in ("[", "{") else _COORDINATES.sub(HIDDEN, str(mask_payload(text)))


def _text(text: str) -> str:
    """A text; one that is JSON is looked at as what it says."""
    if text[:1] in ("[", "{"):
        with contextlib.suppress(ValueError, RecursionError):
            return json.dumps(without_private(json.loads(text)), ensure_ascii=False)
    return _COORDINATES.sub(HIDDEN, _NAMED.sub(rf"\1{HIDDEN}", text))
