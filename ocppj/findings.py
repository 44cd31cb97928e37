"""What lenient decoding put up with: named, counted and shown, never silent.

`docs/reference/findings.md` lists all.
"""

import msgspec


class Finding(msgspec.Struct, frozen=True, gc=False):
    """One tolerated deviation: its slug, where (`$.meterValue[0].timestamp`), and in words."""

    slug: str
    path: str
    detail: str

    @property
    def detail_at(self) -> str:
        """Where, and what: for people."""
        return f"{self.path}: {self.detail}"


def add_finding(findings: list[str], slug: str) -> None:
    """One more slug of one message, once."""
    if slug not in findings:
        findings.append(slug)


UNKNOWN_PROPERTY = "unknown-property"
"""A field that the schema does not have; dropped."""
TOO_LONG = "too-long"
"""A string longer than the schema allows; kept whole."""
UNKNOWN_VALUE = "unknown-value"
"""A word that is not in the enumeration; kept as it came."""
NUMBER_FOR_STRING = "number-for-string"
"""A number or boolean where text belongs; read as its text (quirk 64)."""
STRING_FOR_NUMBER = "string-for-number"
"""Text where a number belongs; read as the number."""
STRING_FOR_BOOLEAN = "string-for-boolean"
"""`"true"`, `"false"`, 0 or 1 where a boolean belongs (quirk 68)."""
INTEGRAL_FLOAT = "integral-float"
"""`1.0` where 1.6 wants an integer; an integer in 2.x, whose schemas are draft 6."""
NULL_FOR_ABSENT = "null-for-absent"
"""`null` for a field that should have been left out."""
TIME_WITHOUT_ZONE = "time-without-zone"
"""A time without its offset; read as UTC (quirk 55)."""
UNREADABLE_TIME = "unreadable-time"
"""Text that is no RFC 3339 time; kept, and the time of reception stands in where one is needed."""
TOO_FEW_ITEMS = "too-few-items"
"""An empty list where at least one item belongs (quirk 65)."""
TOO_MANY_ITEMS = "too-many-items"
"""More items than the schema allows; kept."""
OUT_OF_RANGE = "out-of-range"
"""A number beyond the schema's bounds, but one that can be stored; kept."""
NOT_A_MULTIPLE = "not-a-multiple"
"""A number with more decimals than the schema allows; kept."""
CONTROL_CHARACTER = "control-character"
"""NUL in text, shown as U+2400, or a raw control character (quirk 59)."""
LONE_SURROGATE = "lone-surrogate"
"""Half of a character; replaced by U+FFFD."""
LONG_MESSAGE_ID = "long-message-id"
"""A message id over 36 characters; used as it is."""
EMPTY_MESSAGE_ID = "empty-message-id"
"""An empty message id; used as it is (quirk 73)."""
OVERLAPPING_CALL = "overlapping-call"
"""A CALL before the one before it was answered; served."""
NULL_PAYLOAD = "null-payload"
"""`null` or nothing instead of the payload object; read as `{}`."""
ODD_TIME = "odd-time"
"""A time in another form than RFC 3339, but a clear one (`+02`, quirk 56)."""
PART_LEFT_OUT = "part-left-out"
"""A part of a billing message that cannot be read; left out, and the message is kept as it came."""
REQUIRED_UNKNOWN = "required-unknown"
"""A required field of a billing message that is missing or cannot be read; it counts as unknown."""
SAMPLED_VALUE_NOT_A_NUMBER = "sampled-value-not-a-number"
"""A sampled value that is no number, or one beyond all bounds; left out."""
SIGNED_VALUE_NOT_READ = "signed-value-not-read"
"""A sampled value in format SignedData (1.6); kept with its transaction, and counted for nothing."""
ITEM_FOR_LIST = "item-for-list"
"""An object where a list of them belongs; read as a list of one."""
FRACTION_FOR_INTEGER = "fraction-for-integer"
"""A meter reading in whole Wh that has a fraction; kept with it."""
ODD_NUMBER = "odd-number"
"""A number in text in an odd form, but a clear one: `1700 Wh`, `1,7`, spaces around it."""
DUPLICATE_KEY = "duplicate-key"
"""A key that comes twice with the same value; read once."""
INCOMPLETE_ERROR = "incomplete-error"
"""A CALLERROR without its code, its description, or with other types for them (quirk 73); its id suffices."""

UNKNOWN_CONNECTOR_STATUS = "unknown-connector-status"
"""A connector status that the version does not have."""
UNKNOWN_CONNECTOR = "unknown-connector"
"""An event of a connector or an EVSE that does not say of which."""
UNKNOWN_EVENT_TYPE = "unknown-event-type"
"""A TransactionEvent that is neither start, update nor end; read as an update."""

LOST = frozenset({PART_LEFT_OUT, REQUIRED_UNKNOWN})
"""Those by which something of a message is lost: it is kept as it came, too."""
