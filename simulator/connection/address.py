"""The URL that a station dials: the endpoint, then the station id (OCPP-J 1.6 §3.1.1)."""

from urllib.parse import quote, unquote, urlsplit

from simulator.errors import AddressError

SCHEMES = ("ws", "wss")


def dialled_url(url: str, station_id: str) -> str:
    """`url` is the central system's endpoint; the id is added unless the URL ends with it already.

    Raises AddressError.
    """
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.netloc:
        raise AddressError(f"{url!r} is no address of a central system: it looks like ws://HOST:9000/ocpp")
    if parts.username is not None or parts.query or parts.fragment:
        raise AddressError("an address holds neither credentials nor ? or #: give the password by itself")
    path = parts.path.rstrip("/")
    if unquote(path.rpartition("/")[2]) == station_id:
        return url.rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path}/{quote(station_id, safe='')}"


def split_address(address: str) -> tuple[str, str]:
    """(endpoint, station id) of a whole address as installers type it. Raises AddressError."""
    parts = urlsplit(address)
    folder, _, last = parts.path.rstrip("/").rpartition("/")
    if parts.scheme not in SCHEMES or not parts.netloc or not last:
        raise AddressError(
            f"{address!r} is no station's address: it looks like ws://HOST:9000/ocpp/STATION-ID"
        )
    return f"{parts.scheme}://{parts.netloc}{folder}", unquote(last)
