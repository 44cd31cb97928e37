"""Transactions: always answered, never refused; only the id token in them is judged (architecture §4.4)."""

from csms.domain.concurrency import ConcurrencyLimit
from csms.domain.inbound import PricedResponse
from csms.handlers.authorization import verdict
from csms.handlers.context import Context, Proposal
from ocppj.model.transactions import TransactionEvent, TransactionEventResponse
from ocppj.vocabulary import AuthorizationStatus, IdTokenInfo, IdTokenType, TransactionEventKind


def transaction_reported(event: TransactionEvent, context: Context) -> Proposal:
    """Judge the id token if there is one, and find the price that a start or an end is counted by.

    The message writer fills in the number of a 1.6 start and the cost.
    """
    if _is_test(event, context):
        return _test_reply(event, context)
    has_price = context.policies.tariffs is not None and event.kind is not TransactionEventKind.UPDATED
    if event.id_token is None and not has_price:
        return TransactionEventResponse(event.transaction_id or "")
    return _reply(event, context)


async def _reply(event: TransactionEvent, context: Context) -> TransactionEventResponse:
    info = await _verdict(event, context)
    tariffs, name = context.policies.tariffs, event.transaction_id or ""
    concurrency = _concurrency(event, info, context)
    if tariffs is None or event.kind is TransactionEventKind.UPDATED:
        if concurrency:
            return PricedResponse(name, info, concurrency=concurrency)
        return TransactionEventResponse(name, info)
    tariff = await tariffs.tariff_for(context.station_id)
    return PricedResponse(name, info, tariff=tariff, concurrency=concurrency)


def _concurrency(
    event: TransactionEvent, info: IdTokenInfo | None, context: Context
) -> tuple[ConcurrencyLimit, ...]:
    """Of a token that may charge, but at the end. Who started with a button is nobody in particular."""
    policy, token = context.policies.concurrency, event.id_token
    if policy is None or token is None or info is None or event.kind is TransactionEventKind.ENDED:
        return ()
    is_anyone = token.type is IdTokenType.NO_AUTHORIZATION
    return () if is_anyone else policy.limits_for(token, info)


def _is_test(event: TransactionEvent, context: Context) -> bool:
    is_start = event.kind is TransactionEventKind.STARTED
    return is_start and context.policies.is_test(
        context.station_id, event.id_token, event.at, context.received_at
    )


async def _test_reply(event: TransactionEvent, context: Context) -> TransactionEventResponse:
    info = await _verdict(event, context)
    return PricedResponse(event.transaction_id or "", info, is_test=True)


async def _verdict(event: TransactionEvent, context: Context) -> IdTokenInfo | None:
    """None without a token. Who started with a button is always Accepted (2.0.1 C02.FR.02)."""
    if event.id_token is None:
        return None
    if event.id_token.type is IdTokenType.NO_AUTHORIZATION:
        return IdTokenInfo(AuthorizationStatus.ACCEPTED)
    return await verdict(event.id_token, event.evse_id, context)
