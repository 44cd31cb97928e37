"""The letter that brings an invitation's link to who is invited."""

from sqlalchemy import Connection

from access.invitations import InvitationLink, invitation_subject
from access.principals import Role
from access.public_paths import INVITATION_PAGE
from runtime.mail.letters import Letter
from runtime.mail.postman import Postman
from runtime.wording import Phrase

_ROLES = {
    Role.INSTALLER: Phrase("installer des bornes", "install stations"),
    Role.VIEWER: Phrase("voir des bornes", "look at stations"),
}
_OTHER_ROLES = Phrase("gérer des bornes", "manage stations")
_SUBJECT = Phrase("Invitation de {by}", "Invitation from {by}")
_TEXT = Phrase(
    "Bonjour {label},\n\n{by} vous invite à {task}. Ouvrez ce lien, puis choisissez un nom et un mot de "
    "passe :\n\n{link}\n\nLe lien sert une seule fois, jusqu'au {until}. Si vous n'attendiez pas cette "
    "invitation, ignorez ce message.",
    "Hello {label},\n\n{by} invites you to {task}. Open this link, then choose a name and a password:"
    "\n\n{link}\n\nThe link works once, until {until}. If you did not expect this invitation, ignore this "
    "message.",
)


class InvitationMail:
    """Writes it. Without a public address the link is a path, behind the address that people know."""

    def __init__(self, postman: Postman, public_url: str) -> None:
        self._postman, self._public_url = postman, public_url

    def write(self, connection: Connection, link: InvitationLink) -> None:
        """Keep the letter with the invitation; nothing where nobody said whereto."""
        if link.invitation.email is not None:
            self._postman.write(connection, self._letter(link, link.invitation.email))

    def wake(self) -> None:
        """Something was written."""
        self._postman.wake()

    def _letter(self, link: InvitationLink, recipient: str) -> Letter:
        invitation = link.invitation
        fields = {
            "by": invitation.made_by,
            "label": invitation.label,
            "task": _ROLES.get(invitation.given.role, _OTHER_ROLES),
            "link": f"{self._public_url}{INVITATION_PAGE}#{link.secret}",
            "until": f"{invitation.expires_at:%Y-%m-%d %H:%M} UTC",
        }
        about = invitation_subject(invitation)
        return self._postman.letter(recipient, _SUBJECT.filled(fields), _TEXT.filled(fields), about)
