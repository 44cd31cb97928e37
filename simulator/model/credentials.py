"""The password that a station connects with. A changed one is used by reconnecting; the one before it stays
valid until the new one has worked, and comes back if the new one is refused. Pure.

OCPP 2.0.1 A01, 1.6 security whitepaper A01. The store keeps a password's bytes, one character each (latin-1).
"""

from ocppj.vocabulary import VariableRef
from simulator.model.inventory import SECRET
from simulator.model.variables import VariableStore

NO_PASSWORD = ""
"""A station without one sends no credentials (security profile 0)."""


class StationCredentials:
    """`previous` is None unless a new password has yet to work; both are texts of the store."""

    def __init__(self, variables: VariableStore) -> None:
        self.previous: str | None = None
        self.is_changed = False
        """A new password waits to be used: reconnect."""
        self._variables = variables
        self._tries_previous = False
        self._in_force = self._current
        variables.subscribe(self._written)

    def start_with(self, password: str | None, previous: str | None = None) -> None:
        """What a station is delivered with, as people type it; `previous` as the store has kept it."""
        if password is not None:
            self._variables.put(SECRET, password.encode().decode("latin-1"))
        self.previous = previous
        self._in_force = self._current if previous is None else previous

    def candidate(self) -> bytes | None:
        """The password for the next attempt; None: connect without credentials."""
        self.is_changed = False
        text = self.previous if self._tries_previous and self.previous is not None else self._current
        return text.encode("latin-1") if text else None

    def worked(self) -> bool:
        """The attempt succeeded. False: it was the old password, which is back in force for good."""
        is_new_good = not self._tries_previous
        if self._tries_previous and self.previous is not None:
            self._variables.put(SECRET, self.previous)
        self.previous, self._tries_previous = None, False
        self._in_force = self._current
        return is_new_good

    def refused(self) -> None:
        """The attempt was refused for its credentials: the other password is next, if there is one."""
        self._tries_previous = self.previous is not None and not self._tries_previous

    @property
    def _current(self) -> str:
        return self._variables.value(SECRET) or NO_PASSWORD

    def _written(self, ref: VariableRef, value: str) -> None:
        if ref != SECRET:
            return
        self._tries_previous = False
        self.previous = self._in_force if value != self._in_force else None
        self.is_changed = self.previous is not None
