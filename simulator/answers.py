"""From a request of the central system to the station's answer, by way of the version's dialect."""

from collections.abc import Callable
from typing import Any

from ocppj.errors import ErrorKind, ViolationError
from ocppj.vocabulary import RegistrationStatus
from simulator.dialects.dialect import Dialect
from simulator.link import Answered
from simulator.obedience import Obedience
from simulator.registration import Registration


class Answers:
    """Implements `simulator.link.Answerer`. `obeyed` is called after each answer is sent."""

    def __init__(self, dialect: Dialect, registration: Registration, obedience: Obedience) -> None:
        self.obeyed: Callable[[], None] = lambda: None
        self._dialect = dialect
        self._registration = registration
        self._obedience = obedience

    def answer(self, action: str, request: Any) -> Answered | None:
        """Raises ViolationError for what this station does not do, or not now."""
        if self._registration.status is RegistrationStatus.REJECTED:
            if self._dialect.habits.is_silent_when_rejected:
                return None
            raise ViolationError(ErrorKind.SECURITY, "the station was rejected and answers nothing")
        command = self._dialect.command(action, request)
        if command is None:
            raise ViolationError(ErrorKind.NOT_SUPPORTED, f"this station does not do {action}")
        answer = self._obedience.obey(command)

        def follow_up() -> None:
            if answer.then is not None:
                answer.then()
            self.obeyed()

        return Answered(self._dialect.response(command, answer), follow_up)
