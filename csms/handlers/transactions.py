"""Transactions: always answered, never refused; only the id token in them is judged (architecture §4.4)."""

from csms.domain.events import TransactionReply, TransactionReported
from csms.handlers.authorization import verdict
from csms.handlers.context import Context, Proposal
from ocppj.vocabulary import AuthorizationStatus, IdTokenInfo, IdTokenType, TransactionEventKind


def transaction_reported(event: TransactionReported, context: Context) -> Proposal:
    """Judge the id token if there is one, and find the price that a start or an end is counted by.

    The recorder fills in the number of a 1.6 start and the cost.
    """
    has_price = context.policies.tariffs is not None and event.kind is not TransactionEventKind.UPDATED
    if event.id_token is None and not has_price:
        return TransactionReply(event.transaction_id or "")
    return _reply(event, context)


async def _reply(event: TransactionReported, context: Context) -> TransactionReply:
    info = await _verdict(event, context)
    tariffs, tariff = context.policies.tariffs, None
    if tariffs is not None and event.kind is not TransactionEventKind.UPDATED:
        tariff = await tariffs.tariff_for(context.station_id)
    return TransactionReply(event.transaction_id or "", info, tariff=tariff)


async def _verdict(event: TransactionReported, context: Context) -> IdTokenInfo | None:
    """None without a token. Who started with a button is always Accepted (2.0.1 C02.FR.02)."""
    if event.id_token is None:
        return None
    if event.id_token.type is IdTokenType.NO_AUTHORIZATION:
        return IdTokenInfo(AuthorizationStatus.ACCEPTED)
    return await verdict(event.id_token, event.evse_id, context)
