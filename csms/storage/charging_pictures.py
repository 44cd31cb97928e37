"""All that is known of the limits at one station, read at once."""

from sqlalchemy import Connection

from csms.domain.charging_profiles import ProfilesWanted
from csms.rules.composites import ChargingPicture, EvseNow
from csms.storage.charging_profiles import PROFILES_KEPT, composites_of, find_profiles, load_limits
from csms.storage.connectors import connectors_of
from csms.storage.histories import load_histories
from csms.storage.transactions import open_transactions_of
from ocppj.vocabulary import StationId


def charging_picture(connection: Connection, station_id: StationId) -> ChargingPicture:
    """What it may hold, what others limit, what it said, and what goes on at its EVSEs."""
    profiles = find_profiles(connection, ProfilesWanted(station_id, is_open=True), PROFILES_KEPT)
    limits = load_limits(connection, [station_id])
    told = composites_of(connection, station_id)
    running = {
        each.evse_id: each
        for each in sorted(open_transactions_of(connection, [station_id]), key=lambda each: each.started_at)
        if each.evse_id
    }
    here = {each.evse_id for each in connectors_of(connection, station_id)} | set(running)
    here |= {each.evse_id for each in profiles} | {each.evse_id for each in limits}
    here |= {each.evse_id for each in told}
    numbers = sorted(each for each in here if each)
    known = load_histories(connection, [(station_id, each) for each in numbers]) if numbers else {}
    evses = []
    for number in numbers:
        one, history = running.get(number), known.get((station_id, number))
        evses.append(
            EvseNow(
                evse_id=number,
                transaction_id=one.transaction_id if one is not None else None,
                since=one.started_at if one is not None else None,
                max_w=history.power_limit_w if history is not None else None,
            )
        )
    return ChargingPicture(profiles, limits, told, evses)
