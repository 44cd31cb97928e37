"""A new pepper in place of one that is lost, while the server does not run."""

from sqlalchemy import Connection

from borne.backup.manifest import PEPPER
from borne.settings import ServerSettings
from csms.domain.audit import Change
from csms.domain.news import StationNews
from provisioning.activation.runs import StepName
from provisioning.directory import Directory
from provisioning.office.operation import Operation
from provisioning.pepper import give_up_pepper, settle_pepper
from provisioning.records import Device
from provisioning.storage.pepper import Sealed
from runtime.audit import record_acts
from runtime.chance import SystemChance
from runtime.clock import SystemClock
from runtime.database import Database
from runtime.events import EventBus

WHO = "borne new-pepper"


async def renew_pepper(settings: ServerSettings) -> Sealed:
    """Forget what was sealed with the lost one, ask for new secrets, and make another; what was forgotten.

    Raises PepperWrong, DatabaseProblem (DatabaseLocked while a server runs).
    """
    chance, path = SystemChance(), settings.var / PEPPER
    database = await Database.open(settings.effective_database_url, migrations="borne.migrations")
    try:
        bus: EventBus[StationNews] = EventBus()
        directory = Directory(database, SystemClock(), chance, bus)
        operation = Operation(directory)

        def ask_again(connection: Connection, device: Device, steps: tuple[StepName, ...]) -> None:
            operation.request(connection, device, WHO, steps, is_asked=True)

        def note(connection: Connection, device: Device) -> None:
            record_acts(connection, [directory.act(device.station_id, WHO, Change.SECRET_FORGOTTEN)])

        sealed = await database.run_write(
            lambda connection: give_up_pepper(connection, path, ask_again, note)
        )
        await database.run_write(lambda connection: settle_pepper(connection, path, chance))
    finally:
        await database.close()
    return sealed
