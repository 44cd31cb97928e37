"""Which dialect belongs to which version."""

from ocppj.versions import OcppVersion
from simulator.dialects.dialect import DialectMaker, VersionVariables
from simulator.dialects.v16 import V16Dialect, variables_v16
from simulator.dialects.v201 import V201Dialect, variables_v201

DIALECTS: dict[OcppVersion, tuple[DialectMaker, VersionVariables]] = {
    OcppVersion.V16: (V16Dialect, variables_v16),
    OcppVersion.V201: (V201Dialect, variables_v201),
}
