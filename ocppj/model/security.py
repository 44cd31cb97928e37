"""SecurityEventNotification: something that concerns a station's security (2.0.1 A04, white paper A04)."""

from datetime import datetime

import msgspec


class SecurityEventNotification(msgspec.Struct, frozen=True, gc=False):
    """`type` is a name of the list in 2.0.1 part 2 appendix 1."""

    type: str
    at: datetime | None
    tech_info: str | None = None
