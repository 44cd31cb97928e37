"""GET /letters: what was written to people, how it stands, and what it says where no mail server is set."""

from fastapi import Depends, Request, Response

from access.actions import Permission
from access.guard import Guard
from runtime.database import Database
from runtime.mail.letters import Letter, LetterState
from runtime.mail.storage import load_letters
from runtime.paging import PageWanted, cut, list_response, moment_text
from runtime.routers import ApiRouter
from runtime.texts import instant_text
from runtime.views import InstantText, View

ADMINISTRATOR = Depends(Guard("access").requires(Permission.MANAGE_ACCESS))


class LetterView(View, frozen=True, kw_only=True):
    """A letter. `state` is kept (no mail server is set: `text` is read here), waiting, sent or failed. What
    it says is forgotten once it is sent or given up. `reason` is what the mail server said.
    """

    letter_id: str
    recipient: str
    subject: str
    about: str
    made_at: InstantText
    state: LetterState
    moved_at: InstantText
    reason: str | None
    text: str | None


def build_letters_router(database: Database) -> ApiRouter:
    """The route of letters."""
    router = ApiRouter(tags=["access"])

    @router.get("/letters", response_model=list[LetterView], dependencies=[ADMINISTRATOR])
    async def letters(request: Request, page: PageWanted, state: LetterState | None = None) -> Response:
        """Letters that the server wrote, the newest first; where no mail server is set they are read here."""
        found = await database.run_read(
            lambda connection: load_letters(connection, page.limit + 1, page.moment, state)
        )
        listed = cut(found, lambda each: moment_text(each.made_at, each.letter_id), page, None)
        return list_response(request, listed.shown_as(letter_view))

    return router


def letter_view(letter: Letter) -> LetterView:
    """A letter; what waits to be sent is told to nobody."""
    is_kept = letter.state is LetterState.KEPT
    return LetterView(
        letter_id=letter.letter_id,
        recipient=letter.recipient,
        subject=letter.subject,
        about=letter.about,
        made_at=instant_text(letter.made_at),
        state=letter.state,
        moved_at=instant_text(letter.moved_at),
        reason=letter.reason,
        text=letter.text if is_kept else None,
    )
