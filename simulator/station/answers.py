"""From a request of the central system to the station's answer, by way of the version's translation."""

from collections.abc import Callable
from typing import Any

from ocppj.errors import ErrorKind, ViolationError
from ocppj.translation import translation_for
from ocppj.vocabulary import RegistrationStatus
from simulator.connection.link import Answered
from simulator.connection.registration import Registration
from simulator.model.version_rules import VersionRules
from simulator.station.command_handlers import CommandHandlers


class Answers:
    """Implements `simulator.connection.link.Answerer`. `answered` is called after each answer is sent."""

    def __init__(self, rules: VersionRules, registration: Registration, handlers: CommandHandlers) -> None:
        self.answered: Callable[[], None] = lambda: None
        self._rules = rules
        self._registration = registration
        self._translation = translation_for(rules.version)
        self._handlers = handlers

    def answer(self, action: str, request: Any) -> Answered | None:
        """Raises ViolationError for what this station does not do, or not now."""
        if self._registration.status is RegistrationStatus.REJECTED:
            if self._rules.is_silent_when_rejected:
                return None
            raise ViolationError(ErrorKind.SECURITY, "the station was rejected and answers nothing")
        command = self._translation.command(action, request)
        if command is None:
            raise ViolationError(ErrorKind.NOT_SUPPORTED, f"this station does not do {action}")
        answer, then = self._handlers.handle(command)

        def follow_up() -> None:
            if then is not None:
                then()
            self.answered()

        return Answered(self._translation.response(command, answer), follow_up)
