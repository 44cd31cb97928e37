"""Sites with their hours and lists, places, and who is assigned where."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from access.principals import Resource
from charging.calendar import OpeningHours, Period
from ocppj.vocabulary import IdToken, IdTokenType, StationId
from provisioning.records import Assignment, Place, Site
from provisioning.storage.tables import assignments, places, site_hours, site_tokens, sites
from runtime.database.rows import save_row
from runtime.rows import execute_many

_CLOSE = (
    update(assignments)
    .where(assignments.c.station_id == bindparam("key"), assignments.c.ends_at.is_(None))
    .values(ends_at=bindparam("at"))
)


def load_sites(connection: Connection, site_ids: Iterable[str] | None = None) -> list[Site]:
    """All sites, or those named."""
    rows, hour_rows, token_rows = (
        select(sites),
        select(site_hours),
        select(site_tokens).order_by(site_tokens.c.token_key),
    )
    if site_ids is not None:
        wanted = list(site_ids)
        rows = rows.where(sites.c.site_id.in_(wanted))
        hour_rows = hour_rows.where(site_hours.c.site_id.in_(wanted))
        token_rows = token_rows.where(site_tokens.c.site_id.in_(wanted))
    hours = {row.site_id: row for row in connection.execute(hour_rows)}
    tokens: dict[str, list[IdToken]] = {}
    for row in connection.execute(token_rows):
        tokens.setdefault(row.site_id, []).append(IdToken(row.value, token_type(row.type)))
    return [
        Site(
            site_id=row.site_id,
            name=row.name,
            zone=row.zone,
            address=row.address,
            tariff_id=row.tariff_id,
            hours=hours_from_json(row.zone, hours[row.site_id]) if row.site_id in hours else None,
            tokens=tuple(tokens.get(row.site_id, ())),
            is_list_exclusive=row.is_list_exclusive,
            activates_on_claim=row.activates_on_claim,
            organisation_id=row.organisation_id,
        )
        for row in connection.execute(rows)
    ]


def load_site(connection: Connection, site_id: str) -> Site | None:
    """One site."""
    return next(iter(load_sites(connection, [site_id])), None)


def load_site_owners(connection: Connection) -> list[Resource]:
    """All sites, as what is in a scope or not."""
    rows = connection.execute(select(sites.c.site_id, sites.c.organisation_id))
    return [Resource(row.organisation_id, row.site_id) for row in rows]


def is_site_name_taken(connection: Connection, name: str, *, but: str = "") -> bool:
    """Whether another site than `but` has this name, whatever the case of its letters."""
    rows = connection.execute(select(sites.c.name).where(sites.c.site_id != but))
    return any(row.name.casefold() == name.casefold() for row in rows)


def save_site(connection: Connection, site: Site) -> None:
    """Insert a site or change its own columns; hours and tokens have their own functions."""
    values = {
        "site_id": site.site_id,
        "name": site.name,
        "zone": site.zone,
        "address": site.address,
        "tariff_id": site.tariff_id,
        "is_list_exclusive": site.is_list_exclusive,
        "activates_on_claim": site.activates_on_claim,
        "organisation_id": site.organisation_id,
    }
    save_row(connection, sites, values)


def save_hours(connection: Connection, site_id: str, hours: OpeningHours, at: datetime, by: str) -> None:
    """Replace a site's opening hours."""
    weekly = None
    if hours.weekly is not None:
        weekly = json.dumps([[_period_json(period) for period in day] for day in hours.weekly])
    days = {
        day.isoformat(): [_period_json(period) for period in periods] for day, periods in hours.exceptions
    }
    values = {
        "site_id": site_id,
        "weekly": weekly,
        "exceptions": json.dumps(days),
        "changed_at": at,
        "changed_by": by,
    }
    save_row(connection, site_hours, values)


def save_tokens(connection: Connection, site_id: str, tokens: tuple[IdToken, ...]) -> None:
    """Replace a site's authorization list."""
    connection.execute(delete(site_tokens).where(site_tokens.c.site_id == site_id))
    rows = [
        {"site_id": site_id, "token_key": token.key, "value": token.value, "type": token_type_word(token)}
        for token in tokens
    ]
    if rows:
        connection.execute(insert(site_tokens), rows)


def sites_listing(connection: Connection, id_token: IdToken) -> list[str]:
    """The sites whose list has a token of this value, whatever its type and the case of its letters."""
    has_value = site_tokens.c.token_key.startswith(f"{id_token.value_key}\t", autoescape=True)
    found = select(site_tokens.c.site_id).where(has_value).distinct().order_by(site_tokens.c.site_id)
    return [row.site_id for row in connection.execute(found)]


def hours_from_json(zone: str, row: Any) -> OpeningHours:
    """Stored hours as the calendar takes them."""
    weekly = None
    if row.weekly is not None:
        weekly = tuple(tuple(_period(each) for each in day) for day in json.loads(row.weekly))
    exceptions = tuple(
        (date.fromisoformat(day), tuple(_period(each) for each in periods))
        for day, periods in sorted(json.loads(row.exceptions).items())
    )
    return OpeningHours(ZoneInfo(zone), weekly, exceptions)


def _period_json(period: Period) -> list[str]:
    return [period.opens.isoformat("minutes"), period.closes.isoformat("minutes")]


def _period(pair: list[str]) -> Period:
    return Period(time.fromisoformat(pair[0]), time.fromisoformat(pair[1]))


def token_type_word(token: IdToken) -> str:
    """The type's word for storage and JSON."""
    return token.type.value if isinstance(token.type, IdTokenType) else token.type


def token_type(word: str) -> IdTokenType | str:
    """The type of a stored word."""
    try:
        return IdTokenType(word)
    except ValueError:
        return word


def load_places(connection: Connection, place_ids: Iterable[str] | None = None) -> list[Place]:
    """All places, or those named."""
    rows = select(places)
    if place_ids is not None:
        rows = rows.where(places.c.place_id.in_(list(place_ids)))
    return [
        Place(
            row.place_id,
            row.site_id,
            row.name,
            row.latitude,
            row.longitude,
            row.floor,
            row.measured_latitude,
            row.measured_longitude,
            row.accuracy_m,
            row.plan_x,
            row.plan_y,
        )
        for row in connection.execute(rows)
    ]


def load_place(connection: Connection, place_id: str) -> Place | None:
    """One place."""
    return next(iter(load_places(connection, [place_id])), None)


def place_named(connection: Connection, site_id: str, name: str) -> str | None:
    """The place of this name on a site, whatever the case of its letters."""
    rows = connection.execute(select(places.c.place_id, places.c.name).where(places.c.site_id == site_id))
    return next((row.place_id for row in rows if row.name.casefold() == name.casefold()), None)


def save_place(connection: Connection, place: Place) -> None:
    """Insert a place or change it."""
    values = {
        "place_id": place.place_id,
        "site_id": place.site_id,
        "name": place.name,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "floor": place.floor,
        "measured_latitude": place.measured_latitude,
        "measured_longitude": place.measured_longitude,
        "accuracy_m": place.accuracy_m,
        "plan_x": place.plan_x,
        "plan_y": place.plan_y,
    }
    save_row(connection, places, values)


def last_place(connection: Connection, station_id: StationId) -> str | None:
    """Where a station is, or was last."""
    theirs = select(assignments.c.place_id).where(assignments.c.station_id == station_id)
    newest = assignments.c.starts_at.desc(), assignments.c.assignment_id.desc()
    found: str | None = connection.execute(theirs.order_by(*newest).limit(1)).scalar()
    return found


def last_floor(connection: Connection, site_id: str) -> str | None:
    """The floor of the station that came to the site last, of those of which one was told."""
    query = (
        select(places.c.floor)
        .join(assignments, assignments.c.place_id == places.c.place_id)
        .where(places.c.site_id == site_id, places.c.floor.is_not(None))
        .order_by(assignments.c.starts_at.desc(), assignments.c.assignment_id.desc())
    )
    found: str | None = connection.execute(query.limit(1)).scalar()
    return found


def open_assignments(connection: Connection, opened: Iterable[Assignment]) -> None:
    """Stations are at places from now on; the database refuses a second open one either way."""
    execute_many(connection, insert(assignments), [asdict(each) for each in opened])


def close_assignments(connection: Connection, closed: Mapping[StationId, datetime]) -> None:
    """The open assignments of these stations end."""
    rows = [{"key": station_id, "at": at} for station_id, at in closed.items()]
    execute_many(connection, _CLOSE, rows)
