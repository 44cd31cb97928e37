"""Id tokens in memory, in step with their table."""

from pathlib import Path

from csms.central.tokens import KnownTokens
from csms.domain.records import TokenRecord
from ocppj.vocabulary import AuthorizationStatus, IdToken, IdTokenInfo
from runtime.clock import ManualClock
from tests.support.recorder import desk


async def test_a_token_is_known_whatever_its_case_and_type(tmp_path: Path, clock: ManualClock) -> None:
    """Quirk 50; and nobody knows the others."""
    async with desk(tmp_path / "borne.db", clock=clock) as at:
        tokens: KnownTokens = at.central.tokens
        record = TokenRecord(IdToken("04aB"), AuthorizationStatus.BLOCKED, "GROUP", note="lost")
        assert await at.central.records.save_token(record)
        assert await tokens.find(IdToken("04Ab", "KeyCode")) == IdTokenInfo(
            AuthorizationStatus.BLOCKED, "GROUP"
        )
        assert await tokens.find(IdToken("04A")) == IdTokenInfo(AuthorizationStatus.UNKNOWN)
        assert await at.central.records.token(IdToken("04AB")) == record


async def test_a_token_expires_with_the_clock(tmp_path: Path, clock: ManualClock) -> None:
    """An accepted one; a blocked one stays blocked."""
    async with desk(tmp_path / "borne.db", clock=clock) as at:
        soon = clock.now().replace(minute=clock.now().minute + 1)
        for name, status in (("a", AuthorizationStatus.ACCEPTED), ("b", AuthorizationStatus.BLOCKED)):
            await at.central.records.save_token(TokenRecord(IdToken(name), status, expires_at=soon))
        assert (await at.central.tokens.find(IdToken("A"))).status is AuthorizationStatus.ACCEPTED
        await clock.advance(60)
        assert await at.central.tokens.find(IdToken("A")) == IdTokenInfo(
            AuthorizationStatus.EXPIRED, expires_at=soon
        )
        assert (await at.central.tokens.find(IdToken("B"))).status is AuthorizationStatus.BLOCKED


async def test_tokens_survive_a_restart(tmp_path: Path) -> None:
    """Saved, replaced and removed ones alike."""
    path = tmp_path / "borne.db"
    kept, gone = TokenRecord(IdToken("Kept")), TokenRecord(IdToken("Gone"))
    async with desk(path) as at:
        records = at.central.records
        assert await records.save_token(gone)
        assert await records.save_token(TokenRecord(IdToken("KEPT"), AuthorizationStatus.INVALID))
        assert not await records.save_token(kept)
        assert await records.remove_token(IdToken("gONE"))
        assert not await records.remove_token(IdToken("gone"))
    async with desk(path) as at:
        assert await at.central.records.tokens() == [kept]
        assert await at.central.tokens.find(IdToken("kept")) == IdTokenInfo(AuthorizationStatus.ACCEPTED)
