"""What the demo is about: two stations that were ordered, one that was not, their site, and who charges.

The MAC addresses and claim codes are what would be printed on the labels of real boxes.
"""

from dataclasses import dataclass
from typing import Any

from charging.mac import parse_mac

ORDER = "DEMO-2026-001"
INSTALLER = "Sam Tremblay"
ZONE = "America/Blanc-Sablon"
"""A part of Québec that never changes its clocks, so that the minute of closing is a minute all year."""

SITE: dict[str, Any] = {
    "name": "Port de Blanc-Sablon",
    "zone": ZONE,
    "address": "1149, boulevard Docteur-Camille-Marcoux, Blanc-Sablon",
    "activates_on_claim": False,
}
TARIFF: dict[str, Any] = {
    "name": "Demo: 0.25 $/kWh",
    "currency": "CAD",
    "energy_micro_per_kwh": 250_000,
    "taxes": [
        {"name": "TPS", "rate_millipercent": 5_000},
        {"name": "TVQ", "rate_millipercent": 9_975},
    ],
}


@dataclass(frozen=True, slots=True)
class DemoStation:
    """A simulated station with its label. Without a claim code nobody ordered it."""

    template: str
    mac: str
    place: str
    latitude: float
    longitude: float
    claim_code: str | None = None

    @property
    def station_id(self) -> str:
        """How the server names it."""
        return min(parse_mac(self.mac).aliases, key=len)


@dataclass(frozen=True, slots=True)
class Driver:
    """A person with a token."""

    name: str
    id_token: str


ORDERED = (
    DemoStation("ac-16", "02:B0:16:00:00:01", "Quai nord", 51.4153, -57.1310, "K7QM-4T2X"),
    DemoStation("ac-201", "02:B0:20:00:00:02", "Gare", 51.4147, -57.1327, "9FWE-H3ZC"),
)
UNORDERED = DemoStation("unordered-16", "02:B0:99:00:00:03", "Visiteurs", 51.4141, -57.1341)
BOXES = (*ORDERED, UNORDERED)

DRIVERS = (
    Driver("Alice", "04A1B2C3"),
    Driver("Bruno", "04D4E5F6"),
    Driver("Chloé", "0417283A"),
    Driver("David", "04B5C6D7"),
    Driver("Émilie", "04E8F901"),
)
