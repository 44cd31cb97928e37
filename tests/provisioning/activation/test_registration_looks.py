"""A run of work looks at a station that is not registered yet, again and again, and not for ever."""

from provisioning.activation.registration_looks import LOOK_EVERY_S, LOOKS, RegistrationLooks
from provisioning.activation.station_dialog import UNREGISTERED
from runtime.work.pieces import WorkWait


async def test_a_run_of_work_has_so_many_looks() -> None:
    """One a second; then the work waits, and its run ends at once."""
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    looks = RegistrationLooks(wait)
    assert [await looks.wait() for _ in range(LOOKS)] == [None] * LOOKS
    assert waited == [LOOK_EVERY_S] * LOOKS
    assert await looks.wait() == WorkWait(UNREGISTERED)
    assert len(waited) == LOOKS
