"""What is peculiar to a station of OCPP 1.6: configuration keys."""

import pytest

from tests.support.simulated import Stage, changed_template, simulated

# Configuration keys -------------------------------------------------------------------------------------


async def read(stage: Stage, *keys: str) -> dict[str, tuple[str | None, bool]]:
    """Value and read-only of each key."""
    answer = await stage.ask("GetConfiguration", {"key": list(keys)} if keys else {})
    return {entry.key: (entry.value, entry.readonly) for entry in answer.configuration_key or ()}


async def change(stage: Stage, key: str, value: str) -> str:
    """The status."""
    return str((await stage.ask("ChangeConfiguration", {"key": key, "value": value})).status)


async def test_keys_are_a_view_of_the_variables() -> None:
    """What is set by key is the variable's value, and the other way round."""
    async with simulated() as stage:
        await stage.boot()
        assert await change(stage, "metervaluesampleinterval", "17") == "Accepted"
        assert stage.station.variables.text("SampledDataCtrlr", "TxUpdatedInterval") == "17"
        assert await read(stage, "MeterValueSampleInterval") == {"MeterValueSampleInterval": ("17", False)}


async def test_all_keys_at_once() -> None:
    """Whatever 1.6 has a key for, and nothing of 2.x; a secret is there without its value."""
    async with simulated(password="a password 0123456") as stage:
        await stage.boot()
        found = await read(stage)
        assert found["NumberOfConnectors"] == ("1", True)
        assert found["DefaultPrice"] == ("", False)
        assert found["AuthorizationKey"] == (None, False)
        assert not any("." in key for key in found)


@pytest.mark.parametrize(
    ("key", "value", "status"),
    [
        ("HeartbeatInterval", "60", "Accepted"),
        ("HeartbeatInterval", "soon", "Rejected"),
        ("HeartbeatInterval", "-5", "Rejected"),
        ("NumberOfConnectors", "9", "Rejected"),
        ("MeterValuesSampledData", "Energy.Active.Import.Register,SoC", "Accepted"),
        ("MeterValuesSampledData", "Temperature", "Rejected"),
        ("LightIntensity", "50", "Accepted"),
        ("DefaultPriceText", "0,35 $/kWh", "Accepted"),
        ("NoSuchKey", "1", "NotSupported"),
    ],
)
async def test_change_is_accepted_rejected_or_not_supported(key: str, value: str, status: str) -> None:
    """1.6 §5.3."""
    async with simulated() as stage:
        await stage.boot()
        assert await change(stage, key, value) == status


async def test_key_that_needs_a_reboot() -> None:
    """RebootRequired; in force after the next start."""
    template = changed_template(needs_reboot=["TxCtrlr.EVConnectionTimeOut"])
    async with simulated(template) as stage:
        await stage.boot()
        assert await change(stage, "ConnectionTimeOut", "5") == "RebootRequired"
        assert (await read(stage, "ConnectionTimeOut"))["ConnectionTimeOut"][0] == "60"
        stage.station.power_cut()
        await stage.advance(1)
        await stage.boot()
        assert (await read(stage, "ConnectionTimeOut"))["ConnectionTimeOut"][0] == "5"


async def test_unknown_keys_are_listed_by_the_names_they_were_asked_by() -> None:
    """Known ones beside them."""
    async with simulated() as stage:
        await stage.boot()
        answer = await stage.ask("GetConfiguration", {"key": ["Nonsense", "HeartbeatInterval"]})
        assert answer.unknown_key == ["Nonsense"]
        assert [entry.key for entry in answer.configuration_key] == ["HeartbeatInterval"]


async def test_more_keys_than_it_takes() -> None:
    """GetConfigurationMaxKeys, 50 here."""
    async with simulated() as stage:
        await stage.boot()
        answer = await stage.ask("GetConfiguration", {"key": [f"K{number}" for number in range(51)]})
        assert answer == "OccurenceConstraintViolation"


async def test_no_list_no_version() -> None:
    """1.6 §5.10: -1 where lists are not supported."""
    async with simulated(changed_template(lacks=["LocalAuthListCtrlr.Entries"])) as stage:
        await stage.boot()
        assert (await stage.ask("GetLocalListVersion")).list_version == -1
