"""Reservations: how they end."""

from csms.domain.inbound import Inbound
from csms.rules.state import Facts, State
from ocppj.model.messages import Reply


def reservation_ended(state: State, inbound: Inbound, proposal: Reply) -> Facts:  # noqa: ARG001 - table
    """Taken note of."""
    return Facts(proposal)
