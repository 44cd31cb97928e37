"""How the login page looks: like the other pages, in the language that was chosen, and without a script."""

from starlette.requests import Request

from access.login import LoginFault, LoginPage
from console.rendering import page_text
from console.visit import words_of
from runtime.security_headers import PAGE_POLICY


def login_text(request: Request, fault: LoginFault | None) -> str:
    """The page, with why somebody was not let in."""
    words = words_of(request)
    return page_text(
        "login.html",
        {
            "words": words,
            "path": request.url.path,
            "query": request.url.query,
            "fault": words.of("login_fault", fault) if fault is not None else "",
        },
    )


LOGIN_PAGE = LoginPage(login_text, PAGE_POLICY)
