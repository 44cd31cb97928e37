"""What a station says of its transactions when it is asked."""

from ocppj.model.transactions import GetTransactionStatus, TransactionStatusAnswer
from simulator.station.command_handlers.context import CommandContext, Handled, Handler


def _status(station: CommandContext, c: GetTransactionStatus) -> Handled:
    """2.0.1 E14: of one that it did not do, neither; without one, nothing of whether it goes on."""
    transactions, one = station.transactions, c.transaction_id
    is_ongoing = transactions.is_ongoing(one) if one is not None else None
    return Handled(
        TransactionStatusAnswer(is_ongoing=is_ongoing, has_messages_queued=transactions.has_queued(one))
    )


HANDLERS: dict[type, Handler] = {GetTransactionStatus: _status}
