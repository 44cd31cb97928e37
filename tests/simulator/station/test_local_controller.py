"""A simulated station is no local controller: what it says to those who take it for one."""

from tests.support.simulated import simulated


async def test_it_publishes_nothing() -> None:
    """2.x L03, L04.FR.03: so there is nothing to take back."""
    checksum = "0cc175b9c0f1b6a831c399e269772661"
    async with simulated("ac-201") as stage:
        await stage.boot()
        asked = {"requestId": 1, "location": "http://x", "checksum": checksum}
        assert (await stage.ask("PublishFirmware", asked)).status == "Rejected"
        assert (await stage.ask("UnpublishFirmware", {"checksum": checksum})).status == "NoFirmware"
