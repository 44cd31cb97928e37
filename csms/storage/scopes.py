"""Lists narrowed to the organisations and sites whose stations somebody may see, by the database.

A station of which nothing is stored, and one at no place, belongs to the default organisation.
"""

from sqlalchemy import ColumnElement, select, true

from access.principals import DEFAULT, SERVER, AccessScope
from access.scopes import in_scope
from csms.storage.tables import stations

_columns = stations.c
_OTHERS = _columns.organisation_id != DEFAULT
"""Few or none: an index holds just these."""


def of_scope(station_id: ColumnElement[str], scope: AccessScope | None) -> ColumnElement[bool]:
    """Whether the station of a row is one of these; any is where there is no scope."""
    if scope is None:
        return true()
    if scope.covers(SERVER):
        out_of_it = select(_columns.station_id).where(_OTHERS, ~of_stations(scope))
        return station_id.not_in(out_of_it)
    return station_id.in_(select(_columns.station_id).where(of_stations(scope)))


def of_stations(scope: AccessScope) -> ColumnElement[bool]:
    """The same of the rows of stations themselves."""
    return in_scope(scope, _columns.organisation_id, _columns.site_id)
