"""The errors of runtime.

RuntimeProblem              what a person should read as one line, without a traceback
├── DatabaseProblem         the database cannot be opened or written
│   ├── DatabaseNewer       written by a newer version of the program
│   ├── DatabaseUnwritable  no permission, no folder, read-only or full disk
│   ├── DatabaseLocked      another process holds it
│   ├── DatabaseTaken       another process had it meanwhile: this one must be started again
│   ├── DatabaseDamaged     not a database, or a broken one
│   ├── DatabaseUnsupported a URL of a kind that is not supported, or a server that is not fit
│   ├── DatabaseUnreachable the server of it does not answer
│   ├── DatabaseRefused     the server of it refuses the user or the password
│   ├── DatabaseMissing     there is no database of this name
│   ├── DatabaseOccupied    something is in it already, where an empty one is needed
│   ├── CopyFailed          what was copied is not what was there, or cannot be held
│   └── UpgradeFailed       its tables could not be brought up to date, and are as they were
├── PortInUse               somebody else listens there
├── AddressUnavailable      this machine has no such address, or the port needs rights
├── BrokerUrlInvalid        not an mqtt:// URL
└── MailUrlInvalid          not an smtp:// URL
"""

from runtime.wording import Phrase


class RuntimeProblem(Exception):  # noqa: N818 - the subclasses are named by what is wrong
    """Something outside the program is not as it must be; `words` say what, where, and what to do.

    A single string is what the system itself says, the same in both languages.
    """

    def __init__(self, words: Phrase | str) -> None:
        super().__init__(str(words))
        self.words = words if isinstance(words, Phrase) else Phrase(words, words)


class DatabaseProblem(RuntimeProblem):
    """The database cannot be used."""


class DatabaseNewer(DatabaseProblem):
    """The file was written by a newer version of the program."""


class DatabaseUnwritable(DatabaseProblem):
    """The file or its folder cannot be written."""


class DatabaseLocked(DatabaseProblem):
    """Another process has the database."""


class DatabaseTaken(DatabaseProblem):
    """Another process has written while this one was cut off: what this one remembers may be wrong."""


class DatabaseDamaged(DatabaseProblem):
    """The file is no database, or a broken one."""


class DatabaseUnsupported(DatabaseProblem):
    """No such kind of database is supported."""


class DatabaseUnreachable(DatabaseProblem):
    """The server does not answer, or was lost."""


class DatabaseRefused(DatabaseProblem):
    """The server refuses the user or the password."""


class DatabaseMissing(DatabaseProblem):
    """There is no database of this name: no such file, or none on the server."""


class DatabaseOccupied(DatabaseProblem):
    """Something is in it already, and nothing is ever overwritten."""


class CopyFailed(DatabaseProblem):
    """A copy of a database is not the same, or a value cannot be held there."""


class UpgradeFailed(DatabaseProblem):
    """The tables could not be brought up to date; nothing of it has happened."""


class PortInUse(RuntimeProblem):
    """Somebody else listens on that port."""


class AddressUnavailable(RuntimeProblem):
    """This machine has no such address, or may not use that port."""


class MailUrlInvalid(RuntimeProblem):
    """The URL of the mail server is not one."""


class BrokerUrlInvalid(RuntimeProblem):
    """The MQTT URL cannot be read. The text never contains the URL: it may hold a password."""


def first_of(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first exception in a group that is none itself.

    Raise what you make of it behind the `try`: what an `except*` raises comes out in a group of its own with
    some releases of Python 3.11.
    """
    first: BaseException = group
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    return first
