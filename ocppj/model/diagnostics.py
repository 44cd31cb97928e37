"""LogStatusNotification: how far an upload of logs is."""

import msgspec


class LogStatusNotification(msgspec.Struct, frozen=True, gc=False):
    """Also 1.6's DiagnosticsStatusNotification, which has no request id."""

    status: str
    request_id: int | None = None
