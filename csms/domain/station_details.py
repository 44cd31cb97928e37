"""What whoever leads stations tells of one (`csms.ports.StationDetails`), beside what it told itself."""

from runtime.views import View
from runtime.wording import FRENCH


class WaysOutAnswer(View, frozen=True, kw_only=True):
    """Where something is done: a page, what stands after the program's name in a terminal, a route; each may
    be missing.
    """

    page: str | None
    command: str | None
    route: str | None


class BlockerAnswer(View, frozen=True, kw_only=True):
    """What is in the way, who clears it, and how."""

    code: str
    severity: str
    text: str
    text_fr: str
    text_en: str
    way_out: str
    way_out_fr: str
    ways_out: WaysOutAnswer
    who_clears: str
    about: str | None

    def text_in(self, language: str) -> str:
        """What is in the way, in this language."""
        return self.text_fr if language == FRENCH else self.text_en

    def way_out_in(self, language: str) -> str:
        """What to do about it, in words that suit every reader."""
        return self.way_out_fr if language == FRENCH else self.way_out


class SeenBoxAnswer(View, frozen=True, kw_only=True):
    """A box that came under a station's id; `turned_away` is how often."""

    address: str
    vendor: str | None
    model: str | None
    serial_number: str | None
    at: str
    turned_away: int


class StationPlaceAnswer(View, frozen=True, kw_only=True):
    """Where a station is."""

    place_id: str
    name: str
    latitude: float | None
    longitude: float | None
    floor: str | None


class StationSiteAnswer(View, frozen=True, kw_only=True):
    """The site of its place; `zone` is its time zone."""

    site_id: str
    name: str
    zone: str


class AvailabilityAnswer(View, frozen=True, kw_only=True):
    """What it should be now, and what the station last agreed to."""

    wanted: str
    agreed: str | None
    is_pending: bool


class ActivationSummaryAnswer(View, frozen=True, kw_only=True):
    """An activation in a few words: the step it is at, and steps by how they stand."""

    current: str | None
    done: int
    steps: int
    pending: tuple[str, ...]
    refused: tuple[str, ...]
    lacking: tuple[str, ...]


class StationDetailsAnswer(View, frozen=True, kw_only=True):
    """`lifecycle` null: nobody leads it here. What comes first in `blocked_by` is to be done first."""

    lifecycle: str | None
    blocked_by: tuple[BlockerAnswer, ...]
    who_clears: str | None
    remarks: tuple[BlockerAnswer, ...]
    boxes: tuple[SeenBoxAnswer, ...]
    place: StationPlaceAnswer | None
    site: StationSiteAnswer | None
    mac: str | None
    macs: tuple[str, ...]
    credential: str | None
    is_unauthenticated: bool
    tariff: str | None
    tariff_shown: str | None
    availability: AvailabilityAnswer | None
    activation: ActivationSummaryAnswer | None

    @property
    def in_the_way(self) -> tuple[BlockerAnswer, ...]:
        """What keeps it from being active, then what keeps it from doing what it should."""
        return (*self.blocked_by, *(each for each in self.remarks if each.severity != NOTE))

    @property
    def worth_knowing(self) -> tuple[BlockerAnswer, ...]:
        """What it lacks or reports without being kept from anything by it."""
        return tuple(each for each in self.remarks if each.severity == NOTE)


NOTE = "note"
"""The severity of a remark that asks nothing of anybody."""
NOTHING_KNOWN = StationDetailsAnswer(
    lifecycle=None,
    blocked_by=(),
    who_clears=None,
    remarks=(),
    boxes=(),
    place=None,
    site=None,
    mac=None,
    macs=(),
    credential=None,
    is_unauthenticated=False,
    tariff=None,
    tariff_shown=None,
    availability=None,
    activation=None,
)
"""Of a station that nobody leads."""
