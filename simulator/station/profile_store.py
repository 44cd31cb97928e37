"""What a simulated station can hold of charging profiles, by its variables, and how it reports them."""

from collections.abc import Iterator, Sequence

from charging.schedule.composite import Installed
from charging.schedule.shapes import (
    ABSOLUTE,
    DYNAMIC,
    LOCAL_GENERATION,
    PRIORITY,
    RECURRING,
    RELATIVE,
    STATION_MAX,
    TX,
    TX_DEFAULT,
)
from charging.schedule.store import StoreLimits
from ocppj.model.smart_charging import ChargingProfile, ReportChargingProfiles
from ocppj.vocabulary import VariableRef
from simulator.model.variables import VariableStore
from simulator.model.version_rules import VersionRules
from simulator.model.version_variables import PROFILES_MOST

CONTROLLER = "SmartChargingCtrlr"
DYNAMIC_PROFILES = VariableRef(CONTROLLER, "SupportsFeature", variable_instance="DynamicProfiles")
UNIT_WORDS = {"Current": "A", "Power": "W", "A": "A", "W": "W"}
"""1.6 §9.4.2 calls the units otherwise."""
PROFILES_PER_REPORT = 4

Profile = Installed[ChargingProfile]


def store_limits(variables: VariableStore, rules: VersionRules) -> StoreLimits:
    """By what the station says of itself."""
    more = variables.words(CONTROLLER, "SupportedAdditionalPurposes")
    kinds = {ABSOLUTE, RECURRING, RELATIVE}
    if variables.value(DYNAMIC_PROFILES) == "true":
        kinds.add(DYNAMIC)
    return StoreLimits(
        max_stack_level=int(variables.number(CONTROLLER, "ProfileStackLevel", 0)),
        units=frozenset(UNIT_WORDS[word] for word in variables.words(*rules.rate_units)),
        periods_most=int(variables.number(CONTROLLER, "PeriodsPerSchedule", 1)),
        profiles_most=PROFILES_MOST,
        purposes=frozenset({STATION_MAX, TX_DEFAULT, TX} | ({PRIORITY, LOCAL_GENERATION} & set(more))),
        kinds=frozenset(kinds),
        replaces_same_level=rules.replaces_same_level,
        needs_transaction_id=rules.profile_names_transaction,
        allows_relative_absolute=rules.replaces_same_level,
        switches_phases=variables.flag(CONTROLLER, "Phases3to1"),
    )


def report_parts(request_id: int, found: Sequence[Profile]) -> Iterator[ReportChargingProfiles]:
    """Each is of one EVSE and one source; the last one says so (K09.FR.01, .02)."""
    parts: list[list[Profile]] = []
    for each in found:
        last = parts[-1] if parts else []
        is_same = bool(last) and (last[0].evse_id, last[0].source) == (each.evse_id, each.source)
        if is_same and len(last) < PROFILES_PER_REPORT:
            last.append(each)
        else:
            parts.append([each])
    for number, part in enumerate(parts, 1):
        profiles = tuple(each.profile for each in part)
        is_last = number == len(parts)
        yield ReportChargingProfiles(request_id, part[0].evse_id, part[0].source, profiles, is_last)
