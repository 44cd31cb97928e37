"""Replies as text, to be stored and given again, and the tariff of a transaction likewise."""

from functools import lru_cache

import msgspec

from charging.tariff import Tariff
from charging.tariff.stored import tariff_json
from ocppj.model.data_transfer import DataTransferResponse
from ocppj.model.messages import Acknowledged, Reply
from ocppj.model.transactions import TransactionEventResponse

TARIFFS_KEPT = 256
"""Of those in use; each transaction keeps its own as text, and asks for it with each message."""
_TRANSACTION, _DATA_TRANSFER = "t", "d"
_encode = msgspec.json.Encoder().encode
_decode_transaction = msgspec.json.Decoder(TransactionEventResponse).decode
_decode_data_transfer = msgspec.json.Decoder(DataTransferResponse).decode
_decode_tariff = msgspec.json.Decoder(Tariff).decode


def reply_to_text(reply: Reply) -> str:
    """One letter for the kind, then JSON; empty for the empty answer."""
    match reply:
        case TransactionEventResponse():
            sent = TransactionEventResponse(reply.transaction_id, reply.info, reply.total_cost_micro)
            return _TRANSACTION + _encode(sent).decode()
        case DataTransferResponse():
            return _DATA_TRANSFER + _encode(reply).decode()
        case _:
            return ""


def reply_from_text(text: str) -> Reply:
    """The reply again."""
    if text.startswith(_TRANSACTION):
        return _decode_transaction(text[1:])
    if text.startswith(_DATA_TRANSFER):
        return _decode_data_transfer(text[1:])
    return Acknowledged()


def tariff_to_text(tariff: Tariff | None) -> str | None:
    """A tariff as JSON."""
    return _text_of(tariff) if tariff is not None else None


def tariff_from_text(text: str | None) -> Tariff | None:
    """The tariff again."""
    return _tariff_of(text) if text is not None else None


@lru_cache(TARIFFS_KEPT)
def _text_of(tariff: Tariff) -> str:
    return _encode(tariff_json(tariff)).decode()


@lru_cache(TARIFFS_KEPT)
def _tariff_of(text: str) -> Tariff:
    return _decode_tariff(text)
