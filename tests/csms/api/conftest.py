"""A served API with three stations: one 1.6 online, one 2.0.1 online, one offline."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from csms.domain.links import LinkSecurity
from csms.domain.records import (
    ConnectorRecord,
    SampleRecord,
    StationRecord,
    TransactionRecord,
    VariableRecord,
)
from ocppj.versions import OcppVersion
from ocppj.vocabulary import (
    ENERGY_REGISTER,
    ChargingState,
    ConnectorStatus,
    IdToken,
    MeterSample,
    RegistrationStatus,
    VariableRef,
)
from runtime.database import Database
from tests.support.central import (
    A16,
    AT,
    B201,
    OFFLINE,
    Central,
    ServedCentral,
    build_app,
    opened_central,
    served,
)


def fill(central: Central) -> None:
    """Three stations, one of them charging."""
    records = central.records
    for station_id, model in ((A16, "AC22"), (B201, "Duo <b>"), (OFFLINE, "Old")):
        records.kept[station_id] = StationRecord(
            station_id, AT, AT, AT, "Acme", model, "SN1", "1.2.3", "1.6", RegistrationStatus.ACCEPTED
        )
    central.stations.connect(A16, OcppVersion.V16, LinkSecurity.UNAUTHENTICATED)
    central.stations.connect(B201, OcppVersion.V201, LinkSecurity.TLS_BASIC_AUTH)
    records.kept_connectors.append(
        ConnectorRecord(A16, 1, 1, ConnectorStatus.OCCUPIED, "Charging", AT, "NoError")
    )
    records.kept_transactions += [
        TransactionRecord(A16, "42", 1, 1, IdToken("Ab12"), AT, None, ChargingState.CHARGING, 1500.0, 7200.0),
        TransactionRecord(
            B201,
            "t-1",
            1,
            1,
            IdToken("zz"),
            AT - timedelta(hours=2),
            AT,
            energy_wh=9.0,
            stopped_reason="Local",
        ),
    ]
    records.kept_samples.append(SampleRecord(MeterSample(ENERGY_REGISTER, 1500.0, "Wh", AT), AT))
    records.kept_variables[A16] = [VariableRecord(VariableRef("OCPPCommCtrlr", "HeartbeatInterval"), "300")]
    central.details.known[A16] = {"lifecycle": "active", "blocked_by": [], "mac": "00:24:B1:16"}


@pytest.fixture
async def central(tmp_path: Path) -> AsyncIterator[Central]:
    """The parts."""
    async with opened_central(tmp_path) as opened:
        fill(opened)
        yield opened


@pytest.fixture
async def api(database: Database, central: Central) -> AsyncIterator[ServedCentral]:
    """The API on a real port."""
    async with served(database, central, build_app(central)) as running:
        yield running
