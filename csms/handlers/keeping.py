"""Reports whose answer decides nothing, and that have no handler of their own: kept."""

from csms.handlers.context import Context
from ocppj.model.messages import Acknowledged, Unanswered
from ocppj.model.reports import MessageKept, SendKept


def message_kept(event: MessageKept, context: Context) -> Acknowledged:  # noqa: ARG001 - table
    """Taken note of."""
    return Acknowledged()


def send_kept(event: SendKept, context: Context) -> Unanswered:  # noqa: ARG001 - table
    """Taken note of, and nobody is told (2.1 N15.FR.02)."""
    return Unanswered()
