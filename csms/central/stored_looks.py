"""What looks at stored rows now and then, and does what follows from them."""

from abc import ABC, abstractmethod
from typing import ClassVar

from csms.central.message_writer import MessageWriter
from runtime.clock import Clock
from runtime.database import Database
from runtime.lifecycle import Background
from runtime.surviving import RecurringTask


class StoredLooks(ABC):
    """Nothing is remembered between two looks: all follows from rows. `event` is what the log says of one
    that failed.
    """

    event: ClassVar[str]
    every_s: ClassVar[float] = 60.0

    def __init__(
        self, database: Database, message_writer: MessageWriter, clock: Clock, tasks: Background
    ) -> None:
        self._database, self._message_writer, self._clock = database, message_writer, clock
        self._looks = RecurringTask(clock, self.every_s, self.look, tasks, event=self.event)

    def start(self) -> None:
        """Look now, and from now on."""
        self._looks.start()

    def stop(self) -> None:
        """Look no more."""
        self._looks.stop()

    @abstractmethod
    async def look(self) -> int:
        """Do what follows from what is stored; for how many rows."""
