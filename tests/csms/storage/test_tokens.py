"""Id tokens."""

from csms.domain.records import TokenRecord
from csms.storage import (
    tokens,
)
from ocppj.vocabulary import (
    AuthorizationStatus,
    IdToken,
)
from runtime.database import Database
from tests.support.inbound import NOON, TAG


async def test_tokens_have_no_case(database: Database) -> None:
    """The last spelling stands; another type is another token."""
    tag = TokenRecord(IdToken("Tag"), AuthorizationStatus.BLOCKED, "G", NOON, "note")
    again, other = TokenRecord(IdToken("TAG")), TokenRecord(IdToken("TAG", "Odd"))
    await database.run_write(lambda c: tokens.write_tokens(c, [TokenRecord(TAG), tag]))
    assert await database.run_read(tokens.all_tokens) == [TokenRecord(TAG), tag]
    await database.run_write(lambda c: tokens.write_tokens(c, [again, other]))
    await database.run_write(lambda c: tokens.remove_token(c, TAG))
    assert await database.run_read(tokens.all_tokens) == [again, other]
