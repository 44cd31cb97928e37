"""What people decided about transactions, and parts of messages kept as they came with them."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, Table, bindparam, select

from csms.domain.records import AttachmentRecord
from csms.domain.reviews import ReviewDecision, ReviewRecord
from csms.rules.rows import AttachmentRow, ReviewRow
from csms.storage.tables import attachments, reviews
from runtime.database import to_micros
from runtime.database.statements import Statement, Values, insert_new

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, Any]).decode

LISTED_MOST = 1000
"""Of each kind, at one transaction."""


def _review_values(row: ReviewRow) -> Values:
    return (
        row.transaction_no,
        row.decision.value,
        row.reason,
        row.decided_by,
        to_micros(row.at),
        _encode(row.before).decode(),
        _encode(row.after).decode(),
        row.station_id,
    )


def _attachment_values(row: AttachmentRow) -> Values:
    return row.transaction_no, row.kind, row.content, to_micros(row.received_at)


write_reviews = insert_new(
    reviews,
    ("transaction_no", "decision", "reason", "decided_by", "decided_at", "before", "after", "station_id"),
    _review_values,
).write
_write_attachments = insert_new(
    attachments, ("transaction_no", "kind", "content", "received_at"), _attachment_values
).write

ATTACHMENTS_FIRST, ATTACHMENTS_LAST = 20, 480
"""Of each transaction: the first ones and the last ones prove what was delivered."""

_PRUNE = Statement(f"""
DELETE FROM attachments WHERE transaction_no = ?1 AND attachment_id IN (
    SELECT attachment_id FROM attachments WHERE transaction_no = ?1
    ORDER BY attachment_id LIMIT -1 OFFSET {ATTACHMENTS_FIRST}
) AND attachment_id NOT IN (
    SELECT attachment_id FROM attachments WHERE transaction_no = ?1
    ORDER BY attachment_id DESC LIMIT {ATTACHMENTS_LAST}
)
""")  # noqa: S608 - numbers of ours


def write_attachments(connection: Connection, rows: Sequence[AttachmentRow]) -> None:
    """Parts of messages as they came; of a long transaction those in the middle go."""
    _write_attachments(connection, rows)
    for number in {row.transaction_no for row in rows}:
        _PRUNE.run(connection, (number,))


def _of_transaction(table: Table) -> Select[Any]:
    """The rows of one transaction, in the order in which they came."""
    (key,) = table.primary_key
    return select(table).where(table.c.transaction_no == bindparam("number")).order_by(key).limit(LISTED_MOST)


_REVIEWS = _of_transaction(reviews)
_ATTACHMENTS = _of_transaction(attachments)


def reviews_of(connection: Connection, transaction_no: int) -> Sequence[ReviewRecord]:
    """What was decided about a transaction, oldest first."""
    keys = {"number": transaction_no}
    return [
        ReviewRecord(
            decision=ReviewDecision(row.decision),
            reason=row.reason,
            decided_by=row.decided_by,
            decided_at=row.decided_at,
            before=_decode(row.before),
            after=_decode(row.after),
        )
        for row in connection.execute(_REVIEWS, keys)
    ]


def attachments_of(connection: Connection, transaction_no: int) -> Sequence[AttachmentRecord]:
    """What came with a transaction and is kept as it came, oldest first."""
    keys = {"number": transaction_no}
    return [
        AttachmentRecord(row.kind, row.content, row.received_at)
        for row in connection.execute(_ATTACHMENTS, keys)
    ]
