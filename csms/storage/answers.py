"""First answers: what a station was told, for when its message comes again."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from csms.rules.rows import AnswerRow
from csms.storage.tables import received_messages
from ocppj.vocabulary import StationId
from runtime.database import from_micros, to_micros
from runtime.database.statements import INTEGER, TEXT, Keyed, Statement, Values, insert_new

ANSWERS_KEPT = 1000
"""Of each station. It has one message open at a time, so even its newest hundred would do (C-4)."""

# By content: a message is the same under its own id, and some are under any id.
_FIND = Keyed(
    """
SELECT m.station_id, m.digest, m.message_id, m.answer, m.received_at
FROM wanted CROSS JOIN received_messages AS m
ON m.station_id = wanted.station_id AND m.digest = wanted.digest
""",
    station_id=TEXT,
    digest=INTEGER,
)

# The station's own ids, newest first; what lies beyond those kept goes.
_PRUNE = Statement(f"""
DELETE FROM received_messages WHERE received_id IN (
    SELECT received_id FROM received_messages WHERE station_id = ?
    ORDER BY received_id DESC LIMIT -1 OFFSET {ANSWERS_KEPT}
)
""")  # noqa: S608 - the number is ours


def _values(row: AnswerRow) -> Values:
    return row.station_id, row.digest, row.message_id, row.reply, to_micros(row.received_at)


write_answers = insert_new(
    received_messages, ("station_id", "digest", "message_id", "answer", "received_at"), _values
).write


def load_answers(connection: Connection, keys: Sequence[tuple[StationId, int]]) -> list[AnswerRow]:
    """The answers to messages with these contents."""
    found = _FIND.rows(connection, keys)
    return [AnswerRow(r[0], r[1], r[2], r[3], from_micros(r[4])) for r in found]


def prune_answers(connection: Connection, station_ids: Iterable[StationId]) -> None:
    """Forget all but the last ANSWERS_KEPT of these stations."""
    for station_id in station_ids:
        _PRUNE.run(connection, (station_id,))
