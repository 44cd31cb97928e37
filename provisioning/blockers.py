"""What is in the way of a station, as a value: a code, its texts in both languages, and who can clear it."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from msgspec import to_builtins

from csms.domain.station_details import BlockerAnswer, WaysOutAnswer
from runtime.wording import Phrase, WayOut


class Clearer(StrEnum):
    """Who can clear what is in the way."""

    INSTALLER = "installer"
    ADMINISTRATOR = "administrator"
    OWNER = "owner"
    STATION = "station"


class Severity(StrEnum):
    """How much something is in the way. The first two are, the last is not."""

    BLOCKS = "blocks"
    """The station is not active because of it."""
    PROBLEM = "problem"
    """It may be active, but does not do what it should: somebody has to act."""
    NOTE = "note"
    """Worth knowing; it works all the same."""


class Code(StrEnum):
    """The catalogue's codes; E stops something, W only tells."""

    NOT_ORDERED = "E_NOT_ORDERED"
    NOT_SEEN = "E_NOT_SEEN"
    NOT_LOCALIZED = "E_NOT_LOCALIZED"
    NOT_ACTIVATED = "E_NOT_ACTIVATED"
    CONFIGURING = "W_CONFIGURING"
    UNDER_TEST = "W_UNDER_TEST"
    TEST_WINDOW = "W_TEST_WINDOW"
    STEP_STUCK = "E_STEP_STUCK"
    NOT_BOOTED = "W_NOT_BOOTED"
    WAITING_FOR_BOOT = "W_WAITING_FOR_BOOT"
    BOOT_MISSING = "E_BOOT_MISSING"
    STATION_OFFLINE = "E_STATION_OFFLINE"
    SUSPENDED = "E_SUSPENDED"
    DUPLICATE_IDENTITY = "E_DUPLICATE_IDENTITY"
    OFFLINE = "E_OFFLINE"
    FAULTED = "E_FAULTED"
    ERROR_REPORTED = "W_ERROR_REPORTED"
    CHANGE_PENDING = "W_CHANGE_PENDING"
    CREDENTIAL_REFUSED = "W_CREDENTIAL_REFUSED"
    SECRET_KEPT = "W_SECRET_KEPT"  # noqa: S105 - a code, not a secret
    SECRET_FORGOTTEN = "W_SECRET_FORGOTTEN"  # noqa: S105 - a code, not a secret
    PASSWORD_UNFIT = "E_PASSWORD_UNFIT"  # noqa: S105 - a code, not a secret
    SECRET_MISSING = "E_SECRET_MISSING"  # noqa: S105 - a code, not a secret
    CONFIG_DRIFT = "E_CONFIG_DRIFT"
    NOT_PROVED = "W_NOT_PROVED"
    KEY_LACKING = "W_KEY_LACKING"
    KEY_REFUSED = "E_KEY_REFUSED"
    LIST_REFUSED = "E_LIST_REFUSED"
    LIST_TOO_LONG = "E_LIST_TOO_LONG"
    TOKENS_UNFIT = "W_TOKENS_UNFIT"
    HOURS_REFUSED = "E_HOURS_REFUSED"
    STATUS_SILENT = "W_STATUS_SILENT"
    TARIFF_NOT_REPRESENTABLE = "E_TARIFF_NOT_REPRESENTABLE"
    NOT_MEASURED = "W_NOT_MEASURED"
    MAC_INVALID = "E_MAC_INVALID"
    IDENTITY_INVALID = "E_IDENTITY_INVALID"
    MAC_UNKNOWN = "E_MAC_UNKNOWN"
    STATION_UNKNOWN = "E_STATION_UNKNOWN"
    NO_LIFECYCLE = "E_NO_LIFECYCLE"
    MAC_IN_USE = "E_MAC_IN_USE"
    PLACE_TAKEN = "E_PLACE_TAKEN"
    NAME_TAKEN = "E_NAME_TAKEN"
    ALREADY_ORDERED = "E_ALREADY_ORDERED"
    STILL_ASSIGNED = "E_STILL_ASSIGNED"
    CLAIM_REFUSED = "E_CLAIM_REFUSED"
    CLAIM_MISTYPED = "E_CLAIM_MISTYPED"
    CLAIM_LOCKED = "E_CLAIM_LOCKED"
    NOT_ACTIVE = "E_NOT_ACTIVE"
    NO_POWER_UP = "E_NO_POWER_UP"
    READING_UNKNOWN = "E_READING_UNKNOWN"
    CHECK_UNKNOWN = "E_CHECK_UNKNOWN"
    NO_CERTIFICATE = "E_NO_CERTIFICATE"
    PHOTO_UNKNOWN = "E_PHOTO_UNKNOWN"
    PHOTO_REFUSED = "E_PHOTO_REFUSED"
    PLAN_UNKNOWN = "E_PLAN_UNKNOWN"
    PLAN_REFUSED = "E_PLAN_REFUSED"
    NO_TEST_WINDOW = "E_NO_TEST_WINDOW"
    TEST_REFUSED = "E_TEST_REFUSED"
    SITE_MISSING = "E_SITE_MISSING"
    SITE_UNKNOWN = "E_SITE_UNKNOWN"
    PLACE_UNKNOWN = "E_PLACE_UNKNOWN"
    TARIFF_UNKNOWN = "E_TARIFF_UNKNOWN"
    TARIFF_INVALID = "E_TARIFF_INVALID"
    PRODUCT_UNKNOWN = "E_PRODUCT_UNKNOWN"
    ORDER_UNKNOWN = "E_ORDER_UNKNOWN"
    INSTALLER_ACCOUNT = "E_INSTALLER_ACCOUNT"
    HOURS_INVALID = "E_HOURS_INVALID"
    ZONE_UNKNOWN = "E_ZONE_UNKNOWN"
    CODE_MISTYPED = "E_CODE_MISTYPED"
    CODE_WRONG = "E_CODE_WRONG"
    NOT_ON_JOB = "E_NOT_ON_JOB"
    STATION_LOCKED = "E_STATION_LOCKED"
    CLAIM_SLOWED = "E_CLAIM_SLOWED"
    SAME_STATION = "E_SAME_STATION"
    PLACE_LEFT = "E_PLACE_LEFT"
    KEY_REUSED = "E_KEY_REUSED"
    JOB_UNKNOWN = "E_JOB_UNKNOWN"
    JOB_CANCELLED = "E_JOB_CANCELLED"
    JOB_NO_INSTALLER = "E_JOB_NO_INSTALLER"
    JOB_NO_ACCOUNT = "E_JOB_NO_ACCOUNT"
    JOB_NO_ACCESS = "E_JOB_NO_ACCESS"
    JOB_NO_BOX = "E_JOB_NO_BOX"
    JOB_BOX_NOT_ORDERED = "E_JOB_BOX_NOT_ORDERED"
    JOB_BOX_ELSEWHERE = "E_JOB_BOX_ELSEWHERE"
    JOB_NO_CODE = "E_JOB_NO_CODE"
    JOB_BOX_UNSEEN = "W_JOB_BOX_UNSEEN"
    JOB_NO_TARIFF = "E_JOB_NO_TARIFF"
    JOB_NO_HOURS = "W_JOB_NO_HOURS"
    JOB_NO_ADDRESS = "W_JOB_NO_ADDRESS"
    JOB_NO_CONTACT = "W_JOB_NO_CONTACT"
    JOB_NO_URL = "E_JOB_NO_URL"
    BOX_UNKNOWN = "E_BOX_UNKNOWN"
    BOXES_MISSING = "E_BOXES_MISSING"
    NOT_CERTIFIED = "E_NOT_CERTIFIED"
    DC_MANAGED_COMMISSIONING = "E_DC_MANAGED_COMMISSIONING"
    DC_LATE_NOTICE = "W_DC_LATE_NOTICE"
    ONRAMP_PROFILE_UNKNOWN = "E_ONRAMP_PROFILE_UNKNOWN"
    ACCT_BEFORE_CHARGE = "E_ACCT_BEFORE_CHARGE"
    ORG_UNCONFIRMED = "E_ORG_UNCONFIRMED"
    FLEX_REQUIRED = "E_FLEX_REQUIRED"
    CONTACTS_MISSING = "E_CONTACTS_MISSING"
    NO_MANAGER = "E_NO_MANAGER"
    SET_UP_UNKNOWN = "E_SET_UP_UNKNOWN"
    SET_UP_OF_THE_TEAM = "E_SET_UP_OF_THE_TEAM"
    SITE_UNSAFE = "E_SITE_UNSAFE"
    SITE_ITEM_FAILED = "W_SITE_ITEM_FAILED"
    SIGNAL_BELOW_MIN = "E_SIGNAL_BELOW_MIN"
    SITE_UNPREPARED = "E_SITE_UNPREPARED"
    SITE_NOT_APPROVED = "E_SITE_NOT_APPROVED"
    GUIDE_UNREAD = "E_GUIDE_UNREAD"
    PREPARATION_UNKNOWN = "E_PREPARATION_UNKNOWN"
    SITE_ITEM_UNKNOWN = "E_SITE_ITEM_UNKNOWN"
    GUIDE_UNKNOWN = "E_GUIDE_UNKNOWN"
    PREPARATION_OF_THE_TEAM = "E_PREPARATION_OF_THE_TEAM"


NOTES = frozenset(
    {
        Code.CHANGE_PENDING,
        Code.UNDER_TEST,
        Code.KEY_LACKING,
        Code.LIST_TOO_LONG,
        Code.TOKENS_UNFIT,
        Code.STATUS_SILENT,
        Code.TARIFF_NOT_REPRESENTABLE,
        Code.NOT_MEASURED,
        Code.ERROR_REPORTED,
        Code.NOT_PROVED,
        Code.SECRET_KEPT,
        Code.JOB_BOX_UNSEEN,
        Code.JOB_NO_HOURS,
        Code.JOB_NO_ADDRESS,
        Code.JOB_NO_CONTACT,
        Code.DC_LATE_NOTICE,
        Code.SITE_ITEM_FAILED,
    }
)
PROBLEMS = frozenset(
    {
        Code.DUPLICATE_IDENTITY,
        Code.OFFLINE,
        Code.FAULTED,
        Code.SECRET_MISSING,
        Code.SECRET_FORGOTTEN,
        Code.CREDENTIAL_REFUSED,
        Code.CONFIG_DRIFT,
        Code.KEY_REFUSED,
        Code.LIST_REFUSED,
        Code.HOURS_REFUSED,
    }
)


@dataclass(frozen=True, slots=True)
class Blocker:
    """What is in the way of a station, ready to show. `about` names the setting it is about, if any."""

    code: Code
    text: Phrase
    way_out: WayOut
    who_clears: Clearer
    about: str = ""

    @property
    def severity(self) -> Severity:
        """How much it is in the way."""
        if self.code in NOTES:
            return Severity.NOTE
        return Severity.PROBLEM if self.code in PROBLEMS else Severity.BLOCKS

    def at(self, station_id: str) -> "Blocker":
        """Of this station: its id is filled into the places of the way out."""
        return replace(self, way_out=self.way_out.at(station_id))

    @property
    def view(self) -> BlockerAnswer:
        """For the API and the console; `text` and `way_out` are English, `ways_out` says where."""
        places = self.way_out
        return BlockerAnswer(
            code=self.code.value,
            severity=self.severity.value,
            text=self.text.en,
            text_fr=self.text.fr,
            text_en=self.text.en,
            way_out=places.en,
            way_out_fr=places.fr,
            ways_out=WaysOutAnswer(
                page=places.page or None, command=places.command or None, route=places.route or None
            ),
            who_clears=self.who_clears.value,
            about=self.about,
        )

    @property
    def as_json(self) -> dict[str, Any]:
        """The same, to be stored and for the bus."""
        return to_builtins(self.view)  # type: ignore[no-any-return] # an object gives one


def blocker_from_json(stored: dict[str, Any]) -> Blocker:
    """What `as_json` gave, as it is stored with an activation; older rows have no places."""
    places = {name: place for name, place in (stored.get("ways_out") or {}).items() if place}
    return Blocker(
        Code(stored["code"]),
        Phrase(stored["text_fr"], stored["text_en"]),
        WayOut(stored["way_out_fr"], stored["way_out"], **places),
        Clearer(stored["who_clears"]),
        stored.get("about", ""),
    )
