"""The errors of the central system.

CsmsError
└── StorageUnavailable      nothing was stored: the station must keep its message and ask again
    ├── RecorderBusy        too much waits already
    ├── RecorderStopped     the process is on its way out
    └── MessageNotStored    this one message could not be stored, others were
"""


class CsmsError(Exception):
    """Something that the central system itself could not do; the text says what, where, and what to do."""


class StorageUnavailable(CsmsError):  # noqa: N818 - named by what is wrong
    """Nothing of it is stored. Whoever sent it must not be answered: its socket is closed instead."""


class WriterBusy(StorageUnavailable):
    """The queue of the message writer is full."""


class WriterStopped(StorageUnavailable):
    """The message writer takes nothing more."""


class MessageNotStored(StorageUnavailable):
    """One message failed alone."""
