"""The postman of a server: by its mail server, or none."""

from contextlib import AsyncExitStack

from runtime.chance import Chance
from runtime.clock import Clock
from runtime.database import Database
from runtime.mail.postman import MailRoute, Postman
from runtime.mail.smtp import MailServer
from runtime.threads import own_thread
from runtime.work.engine import WorkEngine


def postman_of(  # noqa: PLR0917 - what it is made of
    stack: AsyncExitStack,
    database: Database,
    work: WorkEngine,
    server: MailServer | None,
    sender: str,
    clock: Clock,
    chance: Chance,
) -> Postman:
    """Whom letters are given; without a mail server they stay here. Its thread ends with the stack."""
    route = None
    if server is not None:
        route = MailRoute(server, sender, stack.enter_context(own_thread("mail")))
    return Postman(database, clock, chance, work, route)
