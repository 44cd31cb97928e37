"""OCPP 2.x, tariff and cost: the wire and the model. Costs are decimals there, micro-units here."""

from typing import Any

from ocppj.model.command import CommandAnswer
from ocppj.model.tariffs import MICRO, CostUpdated
from ocppj.translator import CommandTranslator


def _cost_to_v2x(c: CostUpdated) -> dict[str, Any]:
    return {"totalCost": c.cost_micro / MICRO, "transactionId": c.transaction_id}


def _cost_from_v2x(m: Any) -> CostUpdated:
    return CostUpdated(m.transaction_id, round(m.total_cost * MICRO))


def _shown_to_v2x(answer: CommandAnswer) -> dict[str, Any]:  # noqa: ARG001 - I02.FR.02: it has no fields
    return {}


def _shown_from_v2x(m: Any) -> CommandAnswer:  # noqa: ARG001
    return CommandAnswer()


COMMANDS: tuple[CommandTranslator, ...] = (
    CommandTranslator(
        command=CostUpdated,
        action="CostUpdated",
        request_to_wire=_cost_to_v2x,
        request_from_wire=_cost_from_v2x,
        answer_to_wire=_shown_to_v2x,
        answer_from_wire=_shown_from_v2x,
        fields={"totalCost": "cost_micro"},
    ),
)
