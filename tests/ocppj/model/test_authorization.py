"""Who may charge by an answer to Authorize."""

import pytest

from ocppj.model.authorization import AuthorizeResponse, CertificateStatus
from ocppj.vocabulary import AuthorizationStatus, IdTokenInfo


@pytest.mark.parametrize("status", [None, *CertificateStatus])
def test_both_must_be_accepted(status: CertificateStatus | None) -> None:
    """2.x C07.FR.14: the token, and where there is one the certificate."""
    is_good = status in (None, CertificateStatus.ACCEPTED)
    accepted, blocked = (IdTokenInfo(AuthorizationStatus(each)) for each in ("Accepted", "Blocked"))
    assert AuthorizeResponse(accepted, status).may_charge is is_good
    assert not AuthorizeResponse(blocked, status).may_charge
