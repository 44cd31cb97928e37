"""Id tokens that the central system knows."""

from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select

from csms.domain.records import TokenRecord
from csms.storage.tables import tokens
from csms.storage.transactions import token_from_texts, token_type_text
from ocppj.vocabulary import AuthorizationStatus, IdToken
from runtime.database import to_micros
from runtime.database.statements import Values, insert_or_update

_COLUMNS = tuple(column.name for column in tokens.columns)
_ALL = select(tokens).order_by(tokens.c.token_key)
_REMOVE = delete(tokens).where(tokens.c.token_key == bindparam("key"))


def _values(record: TokenRecord) -> Values:
    token = record.id_token
    return (
        token.key,
        token.value,
        token_type_text(token),
        record.status.value,
        record.group_id_token,
        to_micros(record.expires_at) if record.expires_at is not None else None,
        record.note,
    )


write_tokens = insert_or_update(tokens, _COLUMNS, _values).write


def remove_token(connection: Connection, id_token: IdToken) -> None:
    """Forget a token."""
    connection.execute(_REMOVE, {"key": id_token.key})


def all_tokens(connection: Connection) -> list[TokenRecord]:
    """All, by value."""
    return [_record(row) for row in connection.execute(_ALL)]


def _record(row: Row[Any]) -> TokenRecord:
    id_token = token_from_texts(row.value, row.type)
    return TokenRecord(
        id_token, AuthorizationStatus(row.status), row.group_id_token, row.expires_at, row.note
    )
