"""A new pepper in place of one that is lost, while the server does not run."""

from sqlalchemy import Connection

from borne.backup.manifest import PEPPER
from borne.migrations import MIGRATIONS
from borne.settings import ServerSettings
from provisioning.activation.runs import StepName
from provisioning.pepper import give_up_pepper, settle_pepper
from provisioning.rules.activation_requests import ActivationRequest
from provisioning.storage.pepper import Sealed
from runtime.chance import SystemChance
from runtime.clock import SystemClock
from runtime.database import Database

WHO = "borne new-pepper"


async def renew_pepper(settings: ServerSettings) -> Sealed:
    """Forget what was sealed with the lost one, ask for new secrets, and make another; what was forgotten.

    Raises PepperWrong, DatabaseProblem (DatabaseLocked while a server runs).
    """
    chance, path = SystemChance(), settings.var / PEPPER
    database = await Database.open(settings.effective_database_url, migrations=MIGRATIONS)
    try:
        activation = ActivationRequest(WHO, SystemClock().now(), str(chance.uuid()), (StepName.CREDENTIAL,))

        def renew(connection: Connection) -> Sealed:
            sealed = give_up_pepper(connection, path, activation)
            settle_pepper(connection, path, chance)
            return sealed

        return await database.run_write(renew)
    finally:
        await database.close()
