"""A scope, asked of the database: the same as asked of each row."""

import pytest
from sqlalchemy import String, literal, not_, select, union_all

from access.principals import AccessScope, Resource
from access.scopes import in_scope
from runtime.database import Database

ROWS = [("default", None), ("default", "quai"), ("autre", None), ("autre", "port"), ("une", "port-2")]


@pytest.mark.parametrize(
    ("scope", "found"),
    [
        (AccessScope(is_everywhere=True), ROWS),
        (AccessScope(), []),
        (AccessScope(organisations=frozenset({"autre"})), ROWS[2:4]),
        (AccessScope(sites=frozenset({"quai"})), ROWS[1:2]),
        (AccessScope(frozenset({"autre", "une"}), frozenset({"quai", "port"})), ROWS[1:]),
        (AccessScope(frozenset({"nowhere"}), frozenset({"nowhere"})), []),
    ],
)
async def test_rows_are_those_that_it_covers(
    database: Database, scope: AccessScope, found: list[tuple[str, str | None]]
) -> None:
    """Never unknown: what it leaves out is exactly what its negation finds, rows without a site too."""
    rows = [
        select(literal(number).label("number"), *(literal(each, String).label(name) for name, each in named))
        for number, named in enumerate(zip(("organisation_id", "site_id"), row, strict=True) for row in ROWS)
    ]
    owned = union_all(*rows).subquery()
    table = select(owned.c.organisation_id, owned.c.site_id).order_by(owned.c.number)
    is_in = in_scope(scope, owned.c.organisation_id, owned.c.site_id)
    inside = await database.fetch_all(table.where(is_in))
    outside = await database.fetch_all(table.where(not_(is_in)))
    assert [tuple(row) for row in inside] == found
    assert [tuple(row) for row in outside] == [each for each in ROWS if each not in found]
    assert found == [each for each in ROWS if scope.covers(Resource(*each))]
