"""Id tokens in memory, in step with their table."""

from csms.central.tokens import KnownTokens, TokenConcurrency
from csms.domain.concurrency import ConcurrencyLimit
from csms.domain.records import TokenRecord
from ocppj.vocabulary import AuthorizationStatus, IdToken, IdTokenInfo, IdTokenType
from runtime.clock import ManualClock
from tests.support.both_databases import Place
from tests.support.message_writer import desk


async def test_a_token_is_known_whatever_its_case(place: Place, clock: ManualClock) -> None:
    """Quirk 50; and nobody knows the others, nor those of the same value and another type."""
    async with desk(place, clock=clock) as at:
        tokens: KnownTokens = at.central.tokens
        record = TokenRecord(IdToken("04aB", "KeyCode"), AuthorizationStatus.BLOCKED, "GROUP", note="lost")
        assert await at.central.records.save_token(record, "ann")
        assert await tokens.find(IdToken("04Ab", "keycode")) == IdTokenInfo(
            AuthorizationStatus.BLOCKED, "GROUP"
        )
        for other in (IdToken("04A", "KeyCode"), IdToken("04aB")):
            assert await tokens.find(other) == IdTokenInfo(AuthorizationStatus.UNKNOWN)
        assert await at.central.records.token(IdToken("04AB", "KeyCode")) == record


async def test_a_token_without_a_type_means_all_of_its_value(place: Place, clock: ManualClock) -> None:
    """1.6: of several, the strictest verdict counts, and it says that it was ambiguous."""
    async with desk(place, clock=clock) as at:
        tokens, records = at.central.tokens, at.central.records
        plain = IdToken("DUAL", has_type=False)
        await records.save_token(TokenRecord(IdToken("dual", IdTokenType.CENTRAL)), "ann")
        only = await tokens.find(plain)
        assert (only.status, only.is_ambiguous) == (AuthorizationStatus.ACCEPTED, False)
        for kind, status in (("A", "NoCredit"), ("B", "Blocked"), ("C", "Accepted")):
            await records.save_token(TokenRecord(IdToken("DUAL", kind), AuthorizationStatus(status)), "ann")
        several = await tokens.find(plain)
        assert (several.status, several.is_ambiguous) == (AuthorizationStatus.BLOCKED, True)
        await records.remove_token(IdToken("DUAL", "B"), "ann")
        assert (await tokens.find(plain)).status is AuthorizationStatus.NO_CREDIT
        assert (await tokens.find(IdToken("DUAL", "C"))).status is AuthorizationStatus.ACCEPTED
        for kind in ("A", "C", "Central"):
            await records.remove_token(IdToken("DUAL", kind), "ann")
        assert await tokens.find(plain) == IdTokenInfo(AuthorizationStatus.UNKNOWN)


async def test_a_token_expires_with_the_clock(place: Place, clock: ManualClock) -> None:
    """An accepted one; a blocked one stays blocked."""
    async with desk(place, clock=clock) as at:
        soon = clock.now().replace(minute=clock.now().minute + 1)
        for name, status in (("a", AuthorizationStatus.ACCEPTED), ("b", AuthorizationStatus.BLOCKED)):
            await at.central.records.save_token(TokenRecord(IdToken(name), status, expires_at=soon), "ann")
        assert (await at.central.tokens.find(IdToken("A"))).status is AuthorizationStatus.ACCEPTED
        await clock.advance(60)
        assert await at.central.tokens.find(IdToken("A")) == IdTokenInfo(
            AuthorizationStatus.EXPIRED, expires_at=soon
        )
        assert (await at.central.tokens.find(IdToken("B"))).status is AuthorizationStatus.BLOCKED


async def test_tokens_survive_a_restart(place: Place) -> None:
    """Saved, replaced and removed ones alike."""
    kept, gone = TokenRecord(IdToken("Kept")), TokenRecord(IdToken("Gone"))
    async with desk(place) as at:
        records = at.central.records
        assert await records.save_token(gone, "ann")
        assert await records.save_token(TokenRecord(IdToken("KEPT"), AuthorizationStatus.INVALID), "ann")
        assert not await records.save_token(kept, "ann")
        assert await records.remove_token(IdToken("gONE"), "ann")
        assert not await records.remove_token(IdToken("gone"), "ann")
    async with desk(place) as at:
        assert await at.central.records.tokens() == [kept]
        assert await at.central.tokens.find(IdToken("kept")) == IdTokenInfo(AuthorizationStatus.ACCEPTED)


async def test_tokens_of_a_group_count_together(place: Place) -> None:
    """Whatever the case of its name; who leaves it, or is forgotten, counts no more."""
    a, b = IdToken("A"), IdToken("B")
    grouped = IdTokenInfo(AuthorizationStatus.ACCEPTED, "FLEET")
    async with desk(place) as at:
        tokens, records = at.central.tokens, at.central.records
        both = TokenConcurrency(tokens, 1, 2)
        assert both.limits_for(a, IdTokenInfo(AuthorizationStatus.ACCEPTED)) == (ConcurrencyLimit(1, (a,)),)
        for token, group in ((a, "fleet"), (b, "FLEET"), (IdToken("C"), "other"), (IdToken("D"), None)):
            await records.save_token(TokenRecord(token, group_id_token=group), "ann")
        assert both.limits_for(a, grouped) == (ConcurrencyLimit(1, (a,)), ConcurrencyLimit(2, (a, b)))
        assert TokenConcurrency(tokens, None, 2).limits_for(a, grouped) == (ConcurrencyLimit(2, (a, b)),)
        await records.save_token(TokenRecord(a, group_id_token="other"), "ann")
        assert tokens.in_group("Fleet") == (b,)
        await records.remove_token(b, "ann")
        assert tokens.in_group("fleet") == ()
    async with desk(place) as at:
        assert set(at.central.tokens.in_group("OTHER")) == {a, IdToken("C")}
