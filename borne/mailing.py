"""Letters of a server: who writes them, and by which mail server they leave, if there is one."""

from contextlib import AsyncExitStack
from dataclasses import dataclass

from fastapi import FastAPI

from access.invitation_mail import InvitationMail
from borne.settings import ServerSettings
from provisioning.app import Provisioning
from runtime.chance import Chance
from runtime.clock import Clock
from runtime.database import Database
from runtime.mail.postman import MailRoute, Postman
from runtime.mail.smtp import MailServer
from runtime.threads import own_thread
from runtime.work.engine import WorkEngine


@dataclass(frozen=True, slots=True)
class Postbag:
    """What a postman works with."""

    database: Database
    work: WorkEngine
    clock: Clock
    chance: Chance


def write_letters(
    stack: AsyncExitStack,
    settings: ServerSettings,
    app: FastAPI,
    provisioning: Provisioning,
    bag: Postbag,
) -> None:
    """Invitations and shipments are told by letter; without a mail server letters stay here. Its thread ends
    with the stack. Raises MailUrlInvalid.
    """
    route = None
    if settings.smtp is not None:
        server = MailServer.parse(settings.smtp.get_secret_value())
        route = MailRoute(server, settings.mail_from or "", stack.enter_context(own_thread("mail")))
    postman = Postman(bag.database, bag.clock, bag.chance, bag.work, route)
    provisioning.use_cases.delivering.postman = postman
    app.state.invitations.letters = InvitationMail(postman, settings.public_url or "")
