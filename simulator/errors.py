"""What can go wrong with simulated stations.

SimulatorError
├── TemplateError          a station template that does not exist or breaks a rule: file, place and rule
├── AddressError           a URL that no station can dial
├── StateFileError         a state file that cannot be read or written
├── NotPossibleError       an action that the station's present state does not allow (no such EVSE, no cable)
├── NotConnectedError      a message cannot be sent: no connection, or not now
├── CallFailedError        the central system answered with a CALLERROR: `.code`, `.description`
├── CallTimeoutError       no answer in time
└── WaitTimeoutError       what was waited for did not happen in time
"""


class SimulatorError(Exception):
    """The tree's root."""


class TemplateError(SimulatorError):
    """A station template that does not exist or breaks a rule."""


class AddressError(SimulatorError):
    """A URL that no station can dial."""


class StateFileError(SimulatorError):
    """A state file that cannot be read or written."""


class NotPossibleError(SimulatorError):
    """An action of the hand that the station's present state does not allow."""


class NotConnectedError(SimulatorError):
    """The station has no connection, or lost it before the answer."""


class CallFailedError(SimulatorError):
    """The central system answered with a CALLERROR, or with an answer that breaks its schema."""

    def __init__(self, action: str, code: str, description: str) -> None:
        super().__init__(f"{action} was answered with {code}: {description or 'no description'}")
        self.action = action
        self.code = code
        self.description = description


class CallTimeoutError(SimulatorError):
    """The central system did not answer a CALL in time."""


class WaitTimeoutError(SimulatorError):
    """What was waited for did not happen in time."""
