"""What to type into a station, field by field as its menu asks for it. Pure."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from provisioning.products.product import FieldKind, MenuField, Product
from runtime.wording import Phrase

_PORTS = {"ws": 80, "wss": 443}
ON, OFF = Phrase("activé", "on"), Phrase("désactivé", "off")


@dataclass(frozen=True, slots=True)
class FilledField:
    """A field of the menu, and what goes into it."""

    asks: FieldKind
    name: Phrase
    value: Phrase
    """The same in both languages, but for a switch."""


def filled_fields(product: Product, url: str, station_id: str, version: str) -> list[FilledField]:
    """The fields of its menu. `url` is where stations connect, without a station's id: ws://host:9000/ocpp."""
    return [
        FilledField(each.asks, Phrase(each.name.fr, each.name.en), _value(each, url, station_id, version))
        for each in product.menu.fields
    ]


def _value(field: MenuField, url: str, station_id: str, version: str) -> Phrase:
    parts, whole = urlsplit(url), f"{url.rstrip('/')}/{station_id}"
    if field.asks is FieldKind.TLS:
        return ON if parts.scheme == "wss" else OFF
    path = parts.path.rstrip("/")
    text = {
        FieldKind.URL: whole,
        FieldKind.URL_WITHOUT_ID: url.rstrip("/"),
        FieldKind.HOST: parts.hostname or "",
        FieldKind.PORT: str(parts.port or _PORTS[parts.scheme]),
        FieldKind.PATH: path,
        FieldKind.PATH_WITH_ID: f"{path}/{station_id}",
        FieldKind.STATION_ID: station_id,
        FieldKind.VERSION: version,
    }[field.asks]
    return Phrase(text, text)
