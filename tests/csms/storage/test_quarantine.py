"""Lists of messages in quarantine cost what they show."""

from csms.rules.rows import QuarantineRow
from csms.storage.quarantine import LISTED_BYTES, find_quarantine, one_of_quarantine, write_quarantine
from ocppj.vocabulary import Epoch
from runtime.database import Database
from tests.support.inbound import CP1, NOON
from tests.support.scopes import EVERYTHING


async def test_a_list_holds_the_beginning_of_each_message(database: Database) -> None:
    """One has up to a MiB, and a page a thousand of them; a message alone is whole."""
    raw = b"x" * (LISTED_BYTES + 1)
    await database.run_write(lambda c: write_quarantine(c, [QuarantineRow(CP1, Epoch(1), raw, "r", NOON)]))
    (listed,) = await database.run_read(
        lambda c: find_quarantine(c, EVERYTHING, station_id=None, state=None, before=None, limit=10)
    )
    assert (listed.raw, listed.corrected) == (raw[:-1], None)
    whole = await database.run_read(lambda c: one_of_quarantine(c, listed.quarantine_id))
    assert whole is not None
    assert whole.raw == raw
