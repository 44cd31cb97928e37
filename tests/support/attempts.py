"""Connections that failed, as the transport reports them."""

from ocppj.aio.endpoint import AttemptReason, FailedAttempt, Peer


def failed_attempt(reason: AttemptReason, identity: str | None = None, port: int = 9) -> FailedAttempt:
    """One that was turned away."""
    return FailedAttempt(
        peer=Peer("192.0.2.1", port), reason=reason, detail="no", first_bytes=b"", identity=identity
    )
