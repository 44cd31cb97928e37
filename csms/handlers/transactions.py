"""Transactions: always answered, never refused; only the id token in them is judged (architecture §4.4)."""

from csms.domain.events import TransactionReply, TransactionReported
from csms.handlers.authorization import verdict
from csms.handlers.context import Context, Proposal
from ocppj.vocabulary import IdToken


def transaction_reported(event: TransactionReported, context: Context) -> Proposal:
    """Judge the id token if there is one. The recorder fills in the number of a 1.6 start."""
    if event.id_token is None:
        return TransactionReply(event.transaction_id or "")
    return _judge(event, event.id_token, context)


async def _judge(event: TransactionReported, id_token: IdToken, context: Context) -> TransactionReply:
    info = await verdict(id_token, event.evse_id, context)
    return TransactionReply(event.transaction_id or "", info)
