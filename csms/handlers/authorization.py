"""Authorize: may this token charge here and now?"""

from csms.handlers.context import Context, Proposal
from ocppj.model.authorization import Authorize, AuthorizeResponse, CertificateStatus
from ocppj.vocabulary import AuthorizationStatus, IdToken, IdTokenInfo

UNVERIFIED = AuthorizeResponse(IdTokenInfo(AuthorizationStatus.INVALID), CertificateStatus.CERT_CHAIN_ERROR)
"""Of a contract certificate that cannot be verified, whatever is known of its token (2.x C07.FR.17)."""


def authorization_requested(event: Authorize, context: Context) -> Proposal:
    """The token's own verdict, with hours and access applied. A contract is accepted only once its
    certificates are verified (C07.FR.05), and nothing here can do that.
    """
    return _reply(event, context)


async def _reply(event: Authorize, context: Context) -> AuthorizeResponse:
    if event.contract is not None:
        return UNVERIFIED
    return AuthorizeResponse(await verdict(event.id_token, None, context))


async def verdict(id_token: IdToken, evse_id: int | None, context: Context) -> IdTokenInfo:
    """What the token source says of the token, and what the policy makes of it at this station."""
    info = await context.policies.tokens.find(id_token)
    return await context.policies.authorization.authorize(
        context.station_id, evse_id, id_token, info, context.received_at
    )
