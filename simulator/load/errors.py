"""What keeps a load run from starting.

LoadError
├── TargetRefusedError     the target is not this machine, and nobody said that it may be loaded
├── TooManyStationsError   this process may not open so many sockets
├── ServerUnreachableError nobody answers there
├── StationRefusedError    the server turns the stations away, or does not accept their boot
└── WorkerFailedError        a process of the run ended without its figures

What fails during a run is counted in the report instead.
"""


class LoadError(Exception):
    """The tree's root; the text says what to do."""


class TargetRefusedError(LoadError):
    """The target is not this machine, and nobody said that it may be loaded."""


class TooManyStationsError(LoadError):
    """This process may not open so many sockets."""


class ServerUnreachableError(LoadError):
    """Nobody answers there."""


class StationRefusedError(LoadError):
    """The server turns the stations away, or does not accept their boot."""


class WorkerFailedError(LoadError):
    """A process of the run ended without its figures."""


LOAD_ERRORS: dict[str, type[LoadError]] = {
    kind.__name__: kind
    for kind in (
        TargetRefusedError,
        TooManyStationsError,
        ServerUnreachableError,
        StationRefusedError,
        WorkerFailedError,
    )
}
"""By name, for errors that come from another process."""
