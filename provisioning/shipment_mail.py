"""The letter that tells who receives the boxes of an order that they are on their way (R12). Pure."""

from collections.abc import Sequence

from provisioning.change_set import ChangeSet
from provisioning.records import Order
from runtime.mail.letters import address_in
from runtime.wording import Phrase, counted

_SUBJECT = Phrase("Expédition {shipment}, commande {order}", "Shipment {shipment}, order {order}")
_BOXES = (
    Phrase("{count} boîte est en route", "{count} box is on its way"),
    Phrase("{count} boîtes sont en route", "{count} boxes are on their way"),
)
_TEXT = Phrase(
    "Bonjour,\n\nDe la commande {order}, {boxes} depuis le {shipped_on}{expected} :\n\n{labels}\n\nQuand "
    "elles sont là, dites-le : la personne qui installe ne se déplace qu'une fois toutes les boîtes reçues. "
    "Vérifiez les étiquettes des bornes en les déballant.",
    "Hello,\n\nOf the order {order}, {boxes} since {shipped_on}{expected}:\n\n{labels}\n\nWhen they are in, "
    "say so: who installs travels only once all boxes are received. Look at the stations' labels when you "
    "unpack them.",
)
_EXPECTED = Phrase(", attendues le {day}", ", expected on {day}")
_NOTHING = Phrase("", "")


def shipment_words(change: ChangeSet, order: Order | None) -> tuple[str, Phrase, Phrase] | None:
    """To whom, its subject and its text; None where the order names no mail address of who receives."""
    recipient = address_in(order.receiving_contact) if order is not None else None
    if order is None or recipient is None or not change.boxes:
        return None
    first = change.boxes[0]
    expected = first.expected_on
    fields = {
        "order": order.reference,
        "shipment": first.shipment,
        "boxes": counted(len(change.boxes), *_BOXES),
        "shipped_on": first.shipped_on.isoformat(),
        "expected": _EXPECTED.filled({"day": expected.isoformat()}) if expected is not None else _NOTHING,
        "labels": _listed([each.label for each in change.boxes]),
    }
    return recipient, _SUBJECT.filled(fields), _TEXT.filled(fields)


def _listed(labels: Sequence[str]) -> str:
    return "\n".join(f"- {each}" for each in labels)
