"""Authorize: may this token charge here and now?"""

from csms.handlers.context import Context, Proposal
from ocppj.model.authorization import Authorize, AuthorizeResponse
from ocppj.vocabulary import IdToken, IdTokenInfo


def authorization_requested(event: Authorize, context: Context) -> Proposal:
    """The token's own verdict, with hours and access applied."""
    return _reply(event, context)


async def _reply(event: Authorize, context: Context) -> AuthorizeResponse:
    return AuthorizeResponse(await verdict(event.id_token, None, context))


async def verdict(id_token: IdToken, evse_id: int | None, context: Context) -> IdTokenInfo:
    """What the token source says of the token, and what the policy makes of it at this station."""
    info = await context.policies.tokens.find(id_token)
    return await context.policies.authorization.authorize(
        context.station_id, evse_id, id_token, info, context.received_at
    )
