"""What belongs to the organisations and sites of a scope, asked of the database."""

from typing import Any

from sqlalchemy import ColumnElement, false, or_, true

from access.principals import AccessScope


def in_scope(
    scope: AccessScope, organisation_id: ColumnElement[Any], site_id: ColumnElement[Any]
) -> ColumnElement[bool]:
    """Whether what these two columns tell the owner of is in it: `AccessScope.covers`, of rows.

    True or false, never NULL: so it can be negated.
    """
    if scope.is_everywhere:
        return true()
    found: list[ColumnElement[bool]] = []
    if scope.organisations:
        found.append(organisation_id.in_(sorted(scope.organisations)))
    if scope.sites:
        found.append(site_id.is_not(None) & site_id.in_(sorted(scope.sites)))
    return or_(false(), *found)
