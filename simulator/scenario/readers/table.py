"""The reader of each version. The only place of the runner that knows all of them."""

from collections.abc import Mapping

from ocppj.versions import OcppVersion
from simulator.scenario.readers import v16, v201
from simulator.scenario.readers.tellings import Read

READERS: Mapping[OcppVersion, Mapping[str, Read]] = {
    OcppVersion.V16: v16.READERS,
    OcppVersion.V201: v201.READERS,
    OcppVersion.V21: v201.READERS,
}
