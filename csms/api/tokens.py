"""/tokens: the id tokens that the central system knows."""

from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import AwareDatetime, Field

from csms.api.ports import ApiParts
from csms.api.roles import TOKEN_CHECKER, TOKEN_KEEPER, TokenKeeper
from csms.api.transaction_views import TokenAnswer, id_token_view, token_view
from csms.domain.records import TokenRecord
from ocppj.vocabulary import AuthorizationStatus, IdToken, IdTokenType
from runtime.bodies import Body
from runtime.http import Problem
from runtime.paging import PageWanted, json_response, list_response, part_of
from runtime.routers import ApiRouter
from runtime.wording import Phrase, WayOut

LONGEST_TOKEN = 36  # identifierString of IdTokenType, OCPP 2.0.1 part 2; 1.6 stations take 20

Kind = Annotated[IdTokenType | None, Query(alias="type")]


class TokenBody(Body):
    """The verdict on a token."""

    type: IdTokenType = IdTokenType.ISO14443
    status: AuthorizationStatus = AuthorizationStatus.ACCEPTED
    group_id_token: str | None = Field(default=None, max_length=LONGEST_TOKEN)
    expires_at: AwareDatetime | None = None
    note: str | None = Field(default=None, max_length=200)

    def record(self, value: str, kind: IdTokenType | str | None = None) -> TokenRecord:
        """As it is stored; `kind` where it is not that of the body."""
        return TokenRecord(
            IdToken(value, kind or self.type), self.status, self.group_id_token, self.expires_at, self.note
        )


class NewToken(TokenBody):
    """A token with its value."""

    value: str = Field(min_length=1, max_length=LONGEST_TOKEN)


def build_tokens_router(parts: ApiParts) -> ApiRouter:
    """The routes of id tokens. A token is its value and its type, whatever their case: it is named by its
    value, and by `?type=` where several types have it.
    """
    router = ApiRouter()
    _add_reading(router, parts)
    _add_writing(router, parts)
    return router


def _add_reading(router: ApiRouter, parts: ApiParts) -> None:
    @router.get("/tokens", dependencies=[TOKEN_KEEPER], response_model=list[TokenAnswer])
    async def tokens(request: Request, page: PageWanted) -> Response:
        """Id tokens, by value."""
        listed = part_of(await parts.records.tokens(), lambda each: each.id_token.key, page)
        return list_response(request, listed.shown_as(token_view))

    @router.get("/tokens/{value}", dependencies=[TOKEN_CHECKER])
    async def token(value: str, kind: Kind = None) -> Response:
        """The verdict on one id token; installers too, for the card in their hand. `type` where several types
        have this value.
        """
        return json_response(token_view(await _found(parts, value, kind)))


def _add_writing(router: ApiRouter, parts: ApiParts) -> None:
    records = parts.records

    @router.post("/tokens", status_code=201)
    async def add(body: NewToken, who: TokenKeeper) -> Response:
        """Add an id token."""
        record = body.record(body.value)
        if await records.token(record.id_token) is not None:
            kind = body.type.value
            text = Phrase(
                f"Le jeton {body.value} de type {kind} existe déjà",
                f"Token {body.value} of type {kind} exists already",
            )
            way_out = WayOut(
                "Modifiez-le.",
                "Change it.",
                command="""ctl put /tokens/{value}'?'type={kind} '{{"status": "Accepted"}}'""",
                route="PUT /api/v1/tokens/{value}?type={kind}",
            ).filled({"value": body.value, "kind": kind})
            raise Problem(409, "token_exists", text, way_out)
        await records.save_token(record, who.name)
        return json_response(token_view(record), status=201)

    @router.put("/tokens/{value}")
    async def replace(value: str, body: TokenBody, who: TokenKeeper, kind: Kind = None) -> Response:
        """Add an id token, or replace what is known of the one with this value and type (in the body, or
        `?type=`; without either, of the only one with this value).
        """
        if not 0 < len(value) <= LONGEST_TOKEN:
            text = Phrase(
                f"Un jeton a de 1 à {LONGEST_TOKEN} caractères, celui-ci {len(value)}",
                f"A token has 1 to {LONGEST_TOKEN} characters, this one {len(value)}",
            )
            raise Problem(422, "token_too_long", text, WayOut("Raccourcissez-le.", "Shorten it."))
        record = body.record(value, await _kind(parts, value, body, kind))
        await records.save_token(record, who.name)
        return json_response(token_view(record))

    @router.delete("/tokens/{value}", status_code=204)
    async def remove(value: str, who: TokenKeeper, kind: Kind = None) -> None:
        """Forget an id token; stations whose local list has it are sent a new one. `type` where several types
        have this value.
        """
        found = await _found(parts, value, kind)
        await records.remove_token(found.id_token, who.name)


async def _kind(parts: ApiParts, value: str, body: TokenBody, kind: IdTokenType | None) -> IdTokenType | str:
    """The type of the token to replace. Raises Problem: two are named, or none and several have the value."""
    is_told = "type" in body.model_fields_set
    if kind is not None and is_told and kind is not body.type:
        text = Phrase(
            f"L'adresse nomme le type {kind.value}, le corps {body.type.value}",
            f"The address names type {kind.value}, the body {body.type.value}",
        )
        way_out = WayOut("Nommez un seul type.", "Name one type: a token of another type is another token.")
        raise Problem(422, "token_type_differs", text, way_out)
    if kind is not None or is_told:
        return kind or body.type
    known = await parts.records.tokens_of(value)
    return (await _found(parts, value, None)).id_token.type if known else body.type


async def _found(parts: ApiParts, value: str, kind: IdTokenType | None) -> TokenRecord:
    known = await parts.records.tokens_of(value)
    found = [each for each in known if kind is None or each.id_token.key == IdToken(value, kind).key]
    if not found:
        text = Phrase(f"Il n'y a pas de jeton {value}", f"There is no token {value}")
        way_out = WayOut(
            "Voyez ceux qui existent.",
            "Look at those that exist.",
            "",
            "ctl get /tokens",
            "GET /api/v1/tokens",
        )
        raise Problem(404, "token_unknown", text, way_out)
    if len(found) > 1:
        kinds = ", ".join(id_token_view(each.id_token).type for each in found)
        text = Phrase(
            f"Plusieurs jetons portent la valeur {value} : {kinds}",
            f"Several tokens have the value {value}: {kinds}",
        )
        way_out = WayOut("Ajoutez ?type= avec l'un d'eux.", "Add ?type= with one of them.")
        raise Problem(409, "token_ambiguous", text, way_out)
    return found[0]
