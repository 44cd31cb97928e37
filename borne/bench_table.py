"""The stations of the bench and their leases, for people."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich import box
from rich.table import Table

from borne.doctor.words import short_time
from borne.terminal import one_line
from runtime.wording import Phrase

_COLUMNS = (
    Phrase("borne", "station"),
    Phrase("étiquettes", "tags"),
    Phrase("en ligne", "online"),
    Phrase("empruntée par", "held by"),
    Phrase("pour", "what for"),
    Phrase("depuis", "since"),
    Phrase("jusqu'à", "until"),
    Phrase("prêt", "lease"),
)
_YES, _NO = Phrase("oui", "yes"), Phrase("non", "no")
_FREE = Phrase("libre", "free")
_RESTORING = Phrase("configuration remise", "being restored")
_BASELINES = {
    "read": Phrase("sa configuration sera remise", "its configuration will be set back"),
    "reading": Phrase(
        "sa configuration n'est pas encore lue (borne absente?)",
        "its configuration is not read yet (is the station away?)",
    ),
    "unread": Phrase(
        "la borne n'a pas dit sa configuration : rien ne sera remis",
        "the station did not tell its configuration: nothing will be set back",
    ),
}
_LINE = Phrase("{station} jusqu'à {until} ({baseline})", "{station} until {until} ({baseline})")


def bench_table(found: Iterable[Mapping[str, Any]], language: str) -> Table:
    """Rows of `GET /bench`."""
    table = Table(*(column.in_(language) for column in _COLUMNS), box=box.SIMPLE_HEAD)
    for each in found:
        online = (_YES if each["is_online"] else _NO).in_(language)
        cells = (each["station_id"], " ".join(each["tags"]), online, *_lease(each["lease"], language))
        table.add_row(*map(one_line, cells))
    return table


def _lease(lease: Mapping[str, Any] | None, language: str) -> tuple[str, ...]:
    if lease is None:
        return (_FREE.in_(language), "", "", "", "")
    holder = lease["holder"] if lease["state"] == "held" else _RESTORING.in_(language)
    since, until = short_time(lease["since"]), short_time(lease["expires_at"])
    return (holder, lease["purpose"], since, until, lease["lease_id"])


def lease_line(lease: Mapping[str, Any], language: str) -> str:
    """A lease that was begun or renewed: its id first, for whoever cuts it off."""
    fields = {
        "station": lease["station_id"],
        "until": short_time(lease["expires_at"]),
        "baseline": _BASELINES[lease["baseline"]].in_(language),
    }
    return f"{lease['lease_id']} {_LINE.filled(fields).in_(language)}"
