"""What HTTP routes need of every answer: problems that say what is wrong, and what to do about it."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from runtime.bodies import FieldsRefused, WrongField, members_beside
from runtime.errors import DatabaseProblem
from runtime.field_rules import rule_words
from runtime.logs import get_logger
from runtime.near import guess
from runtime.wording import Phrase, WayOut

PROBLEM_TYPE = "application/problem+json"

log = get_logger("runtime.http")


class Problem(Exception):  # noqa: N818 - RFC 9457's own word
    """An answer that says what is wrong (RFC 9457 `application/problem+json`).

    `code` is a stable slug or catalogue code (documented in docs/reference/errors.md), `text` what happened
    and where, `ways_out` what to do about it and on which surface; `extra` members (JSON values) go along.
    """

    def __init__(self, status: int, code: str, text: Phrase, ways_out: WayOut, **extra: Any) -> None:
        super().__init__(f"{code}: {text}")
        self.status = status
        self.code = code
        self.text = text
        self.ways_out = ways_out
        self.extra = extra

    @property
    def detail(self) -> str:
        """What happened, in English."""
        return self.text.en

    @property
    def way_out(self) -> str:
        """What to do, in English."""
        return self.ways_out.en

    @property
    def document(self) -> dict[str, Any]:
        """The members of the answer."""
        return {
            **self.extra,
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "way_out": self.way_out,
            "text_fr": self.text.fr,
            "text_en": self.text.en,
            "way_out_fr": self.ways_out.fr,
            "ways_out": self.ways_out.as_json,
        }

    def response(self, headers: dict[str, str] | None = None) -> JSONResponse:
        """The answer itself."""
        return JSONResponse(self.document, self.status, headers, media_type=PROBLEM_TYPE)


NAMED_FIELDS = 3
"""Wrong fields that are named in a sentence; all are in `errors`."""
SEE_WHAT_EXISTS = WayOut("/api/docs montre ce qui existe.", "See /api/docs for what exists.", "/api/docs")
NO_MEMBER = Phrase("ce champ n'existe pas; {guess}", "there is no such member; {guess}")
FREE_SPACE = WayOut(
    "Faites de la place là où se trouve la base de données du serveur, ou relancez le serveur PostgreSQL "
    "(le journal nomme l'un ou l'autre), puis envoyez la même chose une fois qu'il dit qu'il enregistre à "
    "nouveau.",
    "Free space where the server's database is, or start its PostgreSQL server (the log names which), then "
    "send it again once it says that things are stored again.",
    command="doctor",
    route="GET /readyz",
)
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "What went wrong (RFC 9457). `code` is stable; `way_out` says what to do, `ways_out` on "
    "which page, with which command, by which route.",
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "way_out": {"type": "string"},
        "text_fr": {"type": "string"},
        "text_en": {"type": "string"},
        "way_out_fr": {"type": "string"},
        "contact": {
            "type": "object",
            "description": "Whom to ring: the server's team.",
            "properties": {name: {"type": ["string", "null"]} for name in ("name", "phone")},
        },
        "ways_out": {
            "type": "object",
            "properties": {name: {"type": ["string", "null"]} for name in ("page", "command", "route")},
        },
    },
    "required": ["title", "status", "code", "detail", "way_out"],
}
USUAL_PROBLEMS = {"401": "Nobody knows who asks", "403": "The role may not", "422": "A field is wrong"}


def install_problems(app: FastAPI, contact: Mapping[str, str | None] | None = None) -> None:
    """Make every error of `app` a problem document, unexpected ones included, and say so in OpenAPI.

    Refusals tell whom to ring: the `name` and `phone` of a `contact`.
    """
    app.state.contact = contact
    _document_problems(app)

    @app.exception_handler(Problem)
    async def _problem(request: Request, problem: Problem) -> JSONResponse:
        return _refusal(request, problem)

    app.add_exception_handler(DatabaseProblem, not_stored)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        wrong = [
            WrongField(".".join(str(part) for part in item["loc"]), _rule(request, item))
            for item in error.errors()
        ]
        return _refusal(request, _invalid_request(wrong))

    @app.exception_handler(FieldsRefused)
    async def _refused(request: Request, refused: FieldsRefused) -> JSONResponse:
        return _refusal(request, _invalid_request(refused.wrong))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:
        code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
        asked = f"{request.method} {request.url.path}"
        text = Phrase(f"{asked} : {error.detail}", f"{asked}: {error.detail}")
        return Problem(error.status_code, code, text, SEE_WHAT_EXISTS).response(dict(error.headers or {}))

    @app.exception_handler(Exception)
    async def _unexpected(request: Request, error: Exception) -> JSONResponse:
        log.error("request_failed", method=request.method, path=request.url.path, exc_info=error)
        asked = f"{request.method} {request.url.path}"
        text = Phrase(f"{asked} a échoué de façon inattendue", f"{asked} failed unexpectedly")
        way_out = WayOut(
            "Le journal du serveur dit pourquoi; signalez-le, s'il vous plaît.",
            "The server's log says why; please report it.",
        )
        return Problem(500, "internal_error", text, way_out).response()


async def not_stored(request: Request, error: Exception) -> JSONResponse:
    """The disk refused: nobody made a mistake, and the same request is right once there is room again."""
    log.error("request_not_stored", method=request.method, path=request.url.path, error=str(error))
    asked = f"{request.method} {request.url.path}"
    text = Phrase(
        f"{asked} n'a pas pu être enregistré, rien n'en a été gardé",
        f"{asked} could not be stored, nothing of it was kept",
    )
    return Problem(503, "storage_unavailable", text, FREE_SPACE).response({"Retry-After": "5"})


def _refusal(request: Request, problem: Problem) -> JSONResponse:
    """The answer, with whom to ring."""
    contact: Mapping[str, str | None] | None = getattr(request.app.state, "contact", None)
    if contact is not None:
        problem.extra["contact"] = dict(contact)
    return problem.response()


def _invalid_request(wrong: Sequence[WrongField]) -> Problem:
    beyond = len(wrong) - NAMED_FIELDS
    text = Phrase(
        "; ".join(f"{each.field} : {each.rule.fr}" for each in wrong[:NAMED_FIELDS])
        + (f"; et {beyond} de plus" if beyond > 0 else ""),
        "; ".join(f"{each.field}: {each.rule}" for each in wrong[:NAMED_FIELDS])
        + (f"; and {beyond} more" if beyond > 0 else ""),
    )
    way_out = WayOut(
        "Corrigez ce qui est nommé; /api/docs montre ce que chaque champ prend.",
        "Correct what is named; /api/docs shows what each field takes.",
    )
    errors = [{"field": each.field, "rule": each.rule.en} for each in wrong]
    return Problem(422, "invalid_request", text, way_out, errors=errors)


def _rule(request: Request, item: Mapping[str, Any]) -> Phrase:
    """What is wrong with a field; of one that nobody knows, which may have been meant."""
    if item["type"] != "extra_forbidden":
        return rule_words(item)
    known = members_beside(request, item["loc"])
    return NO_MEMBER.filled({"guess": guess(str(item["loc"][-1]), known)})


def _document_problems(app: FastAPI) -> None:
    """OpenAPI's `default` answer of every route: whatever is no success is a Problem."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        document = generate()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = PROBLEM_SCHEMA
        for name in ("HTTPValidationError", "ValidationError"):  # FastAPI's own answer, which nobody gets
            schemas.pop(name, None)
        content = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for operation in (each for path in document.get("paths", {}).values() for each in path.values()):
            told = {"default": "Any other problem"} | USUAL_PROBLEMS
            operation["responses"] |= {
                code: {"description": text, "content": content} for code, text in told.items()
            }
        return document

    app.openapi = openapi  # type: ignore[method-assign] # FastAPI's documented way
