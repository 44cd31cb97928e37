"""`MacResolver`: one station, one name, however its MAC is spelled."""

import re
from collections.abc import Callable

from charging.mac import Mac, MacInvalid, find_mac, parse_mac
from csms.ports import IdentityRefused
from ocppj.vocabulary import StationId
from provisioning.station_cache import StationCache

_SEPARATORS = re.compile(r"[:\-. ]")
_MAC_DIGITS = re.compile(r"(?:[0-9a-f]{12}|[0-9a-f]{16})", re.IGNORECASE)


def canonical_name(mac: Mac) -> str:
    """The one hex that a MAC is stored by; an EUI-64 stretched with `fffe` is its EUI-48 again.

    Any other EUI-64, such as ChargePoint's with `0000` in the middle, keeps all its sixteen digits.
    """
    return min(mac.aliases, key=len)


class MacResolver:
    """Fills `csms.ports.IdentityResolver`. Known devices are found by every MAC, serial or alias."""

    def __init__(self, station_cache: StationCache) -> None:
        self._station_cache = station_cache

    def resolve(self, identity: str) -> StationId:
        """The canonical name of a URL identity.

        Raises IdentityRefused for what looks like a MAC and cannot be one (all zeros, multicast), and for a
        colon outside a MAC (OCPP-J 2.1 part 4 §3.1.1 forbids it); known MACs close to it go along.
        """
        known = self._station_cache.station_named(identity.lower())
        if known is not None:
            return known
        try:
            name = canonical_name(parse_mac(identity))
        except MacInvalid as error:
            if _MAC_DIGITS.fullmatch(_SEPARATORS.sub("", identity)):
                raise IdentityRefused(str(error), self.near(identity)) from error
        else:
            return self._station_cache.station_named(name) or StationId(name)
        if ":" in identity:
            raise IdentityRefused("it contains ':' but is no MAC address", self.near(identity))
        return StationId(identity.lower())

    def near(self, text: str, may_know: Callable[[StationId], bool] = lambda _: True) -> tuple[str, ...]:
        """Labels of known MACs one digit or one usual misreading away from `text`, never `text` itself; of
        stations that whoever asks `may_know` of.
        """
        mac = find_mac(text)
        itself = mac.aliases if mac is not None else frozenset()
        found = (each for each in self._station_cache.mac_suggestions.near(text) if each.hex not in itself)
        return tuple(each.label for each in found if may_know(self._named(each)))

    def _named(self, mac: Mac) -> StationId:
        return self._station_cache.station_named(mac.hex) or StationId(mac.hex)
