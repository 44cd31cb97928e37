"""The OCPP versions we speak, and their WebSocket subprotocol names."""

from enum import StrEnum


class OcppVersion(StrEnum):
    """A version; the value is its WebSocket subprotocol (OCPP-J 1.6 §3.1, 2.0.1 part 4 §3.1.2)."""

    V16 = "ocpp1.6"
    V201 = "ocpp2.0.1"
    V21 = "ocpp2.1"

    @property
    def subprotocol(self) -> str:
        """The name in `Sec-WebSocket-Protocol`."""
        return self.value

    @property
    def label(self) -> str:
        """For people: `1.6`, `2.0.1`, `2.1`."""
        return self.value.removeprefix("ocpp")

    @classmethod
    def from_subprotocol(cls, name: str) -> "OcppVersion | None":
        """The version of a subprotocol name; None for one that we do not speak."""
        return _BY_SUBPROTOCOL.get(name)


_BY_SUBPROTOCOL = {version.value: version for version in OcppVersion}
