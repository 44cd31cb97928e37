"""Charging profiles, limits of others, and composite schedules."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, delete, func, select, tuple_

from csms.domain.charging_profiles import PERHAPS_HELD, LimitPlace, LimitsWanted, ProfileState, ProfilesWanted
from csms.rules.charging_rows import ChargingLimitRow, ChargingProfileRow, CompositeRow
from csms.storage.charging_tables import charging_limits, charging_profiles, composite_schedules
from csms.storage.scopes import of_scope
from csms.storage.tables import commands, stations
from ocppj.model.smart_charging import ChargingPeriod, ChargingProfile, ChargingSchedule, LimitAtSoc
from ocppj.vocabulary import StationId
from runtime.database import from_micros, to_micros
from runtime.database.statements import TEXT, Keyed, Values, insert_or_update

PROFILES_KEPT = 500
"""Of each station."""
LIMITS_KEPT = 100
_encode = msgspec.json.Encoder().encode
_profiles = charging_profiles.c
_limits = charging_limits.c
_is_open = _profiles.state.in_(sorted(each.value for each in PERHAPS_HELD))
_PROFILE_COLUMNS = tuple(column.name for column in charging_profiles.columns)
_LIMIT_COLUMNS = tuple(column.name for column in charging_limits.columns)
_OPEN_PROFILES = Keyed(
    f"SELECT {', '.join(f'p.{name}' for name in _PROFILE_COLUMNS)} FROM wanted"  # noqa: S608 - names of ours
    " JOIN charging_profiles AS p ON p.station_id = wanted.station_id"
    f" AND p.state IN ({', '.join(sorted(repr(each.value) for each in PERHAPS_HELD))})",
    station_id=TEXT,
)
_COMPOSITE_COLUMNS = tuple(column.name for column in composite_schedules.columns)


def _micros(at: datetime | None) -> int | None:
    return to_micros(at) if at is not None else None


def _profile_values(row: ChargingProfileRow) -> Values:
    return (
        row.entry_id,
        row.station_id,
        row.evse_id,
        _encode(row.profile).decode(),
        row.source,
        row.transaction_id,
        row.state.value,
        row.reason,
        row.asked_by,
        to_micros(row.asked_at),
        to_micros(row.moved_at),
        _micros(row.reported_at),
    )


def _limit_values(row: ChargingLimitRow) -> Values:
    return (
        row.station_id,
        row.evse_id,
        row.source,
        row.is_grid_critical,
        row.is_local_generation,
        _encode(row.schedules).decode(),
        to_micros(row.since),
        to_micros(row.reported_at),
        _micros(row.cleared_at),
    )


def _composite_values(row: CompositeRow) -> Values:
    return (
        row.station_id,
        row.evse_id,
        row.unit,
        to_micros(row.starts_at),
        row.duration_s,
        _encode(row.periods).decode(),
        to_micros(row.answered_at),
    )


write_charging_profiles = insert_or_update(charging_profiles, _PROFILE_COLUMNS, _profile_values).write
write_charging_limits = insert_or_update(charging_limits, _LIMIT_COLUMNS, _limit_values).write
write_composites = insert_or_update(composite_schedules, _COMPOSITE_COLUMNS, _composite_values).write


# --- For the rules -----------------------------------------------------------------------------------------


def load_profiles(connection: Connection, station_ids: Collection[StationId]) -> list[ChargingProfileRow]:
    """What these stations may hold; asked whenever a transaction begins or ends."""
    found = _OPEN_PROFILES.rows(connection, station_ids)
    return [_profile_row(dict(zip(_PROFILE_COLUMNS, each, strict=True)) | _times(each)) for each in found]


def _times(values: Sequence[Any]) -> dict[str, Any]:
    """What the database holds as numbers."""
    numbers = dict(zip(_PROFILE_COLUMNS, values, strict=True))
    return {
        name: from_micros(numbers[name]) if numbers[name] is not None else None
        for name in ("asked_at", "moved_at", "reported_at")
    }


def load_limits(connection: Connection, station_ids: Collection[StationId]) -> list[ChargingLimitRow]:
    """The limits of others at these stations."""
    query = select(charging_limits).where(_limits.station_id.in_(list(station_ids)))
    return [_limit_row(each) for each in connection.execute(query).mappings()]


def load_versions(connection: Connection, station_ids: Collection[StationId]) -> dict[StationId, str]:
    """What these stations spoke last."""
    query = select(stations.c.station_id, stations.c.version).where(
        stations.c.station_id.in_(list(station_ids))
    )
    return {StationId(row[0]): row[1] or "" for row in connection.execute(query)}


def load_arguments(connection: Connection, command_ids: Collection[str]) -> dict[str, str]:
    """What these commands asked for."""
    query = select(commands.c.command_id, commands.c.arguments).where(
        commands.c.command_id.in_(list(command_ids))
    )
    return {row[0]: row[1] for row in connection.execute(query)}


# --- For people --------------------------------------------------------------------------------------------


def find_profiles(
    connection: Connection, wanted: ProfilesWanted, limit: int, after: tuple[datetime, str] | None = None
) -> list[ChargingProfileRow]:
    """Those that fit, the latest first, from behind an instant and entry on."""
    query = select(charging_profiles).where(of_scope(_profiles.station_id, wanted.scope))
    if wanted.station_id is not None:
        query = query.where(_profiles.station_id == wanted.station_id)
    if wanted.is_open is not None:
        query = query.where(_is_open if wanted.is_open else ~_is_open)
    if after is not None:
        query = query.where(tuple_(_profiles.asked_at, _profiles.entry_id) < after)
    newest = (_profiles.asked_at.desc(), _profiles.entry_id.desc())
    return [
        _profile_row(each) for each in connection.execute(query.order_by(*newest).limit(limit)).mappings()
    ]


def find_limits(
    connection: Connection,
    wanted: LimitsWanted,
    limit: int,
    after: LimitPlace | None = None,
) -> list[ChargingLimitRow]:
    """Those that fit, told last first, from behind an instant, station, EVSE and source on."""
    query = select(charging_limits).where(of_scope(_limits.station_id, wanted.scope))
    if wanted.station_id is not None:
        query = query.where(_limits.station_id == wanted.station_id)
    if wanted.is_open is not None:
        cleared = _limits.cleared_at
        query = query.where(cleared.is_(None) if wanted.is_open else cleared.is_not(None))
    place = (_limits.reported_at, _limits.station_id, _limits.evse_id, _limits.source)
    if after is not None:
        query = query.where(tuple_(*place) < after)
    newest = [each.desc() for each in place]
    return [_limit_row(each) for each in connection.execute(query.order_by(*newest).limit(limit)).mappings()]


def composites_of(connection: Connection, station_id: StationId) -> list[CompositeRow]:
    """What a station answered last, by EVSE."""
    table = composite_schedules.c
    query = select(composite_schedules).where(table.station_id == station_id).order_by(table.evse_id)
    return [
        CompositeRow(**dict(each) | {"periods": tuple(map(_period, msgspec.json.decode(each["periods"])))})
        for each in connection.execute(query).mappings()
    ]


def prune_profiles(
    connection: Connection, station_ids: Iterable[StationId], kept: int = PROFILES_KEPT
) -> None:
    """What these stations may hold stays, up to so many, and the latest of what they no longer do."""
    for station_id in station_ids:
        order = (_is_open.desc(), _profiles.asked_at.desc(), _profiles.entry_id.desc())
        each = (
            select(_profiles.entry_id, func.row_number().over(order_by=order).label("place"))
            .where(_profiles.station_id == station_id)
            .subquery()
        )
        beyond = select(each.c.entry_id).where(each.c.place > kept)
        connection.execute(delete(charging_profiles).where(_profiles.entry_id.in_(beyond)))


def prune_limits(connection: Connection, station_ids: Iterable[StationId], kept: int = LIMITS_KEPT) -> None:
    """The limits that these stations told last stay."""
    for station_id in station_ids:
        of_station = select(_limits.reported_at).where(_limits.station_id == station_id)
        oldest = connection.execute(
            of_station.order_by(_limits.reported_at.desc()).limit(1).offset(kept)
        ).scalar()
        if oldest is not None:
            connection.execute(
                delete(charging_limits).where(_limits.station_id == station_id, _limits.reported_at <= oldest)
            )


# --- What was written, read ---------------------------------------------------------------------------------


def _profile_row(row: RowMapping | Mapping[str, Any]) -> ChargingProfileRow:
    state = ProfileState(row["state"])
    return ChargingProfileRow(**dict(row) | {"profile": _profile(row["profile"]), "state": state})


def _limit_row(row: RowMapping) -> ChargingLimitRow:
    schedules = tuple(map(_schedule, msgspec.json.decode(row["schedules"])))
    return ChargingLimitRow(**dict(row) | {"schedules": schedules})


def _profile(text: str) -> ChargingProfile:
    """Not checked again: a station may hold what nobody may ask for."""
    fields: dict[str, Any] = msgspec.json.decode(text)
    times = {name: _time(fields[name]) for name in ("valid_from", "valid_to", "updated_at")}
    return ChargingProfile(**fields | times | {"schedules": tuple(map(_schedule, fields["schedules"]))})


def _schedule(fields: Mapping[str, Any]) -> ChargingSchedule:
    at_soc = fields["limit_at_soc"]
    made = {
        "periods": tuple(map(_period, fields["periods"])),
        "starts_at": _time(fields["starts_at"]),
        "limit_at_soc": LimitAtSoc(**at_soc) if at_soc is not None else None,
    }
    return ChargingSchedule(**{**fields, **made})


def _period(fields: Mapping[str, Any]) -> ChargingPeriod:
    return ChargingPeriod(**fields)


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text is not None else None
