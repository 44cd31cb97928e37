"""The password: used by reconnecting, and the one before it valid until the new one has worked."""

from simulator.model.credentials import StationCredentials
from simulator.model.inventory import SECRET, build_inventory
from simulator.model.variables import SetStatus, VariableStore
from simulator.model.version_variables import VARIABLES_OF
from tests.support.simulated import changed_template

OLD, NEW, NEWER = "old password 0123", "new password 4567", "newer password 89"


def delivered(
    password: str | None = OLD, *, needs_reboot: bool = False
) -> tuple[StationCredentials, VariableStore]:
    """A station as it leaves the factory."""
    kind = changed_template(needs_reboot=["SecurityCtrlr.BasicAuthPassword"] if needs_reboot else [])
    store = VariableStore(build_inventory(kind, VARIABLES_OF[kind.ocpp](kind)))
    credentials = StationCredentials(store)
    credentials.start_with(password)
    return credentials, store


def test_without_a_password_none_is_sent() -> None:
    """Security profile 0."""
    credentials, _ = delivered(None)
    assert credentials.candidate() is None
    assert credentials.worked()
    assert not credentials.is_changed


def test_new_password_is_tried_by_reconnecting() -> None:
    """Once it has worked the old one is forgotten."""
    credentials, store = delivered()
    assert store.write(SECRET, NEW) is SetStatus.ACCEPTED
    assert (credentials.is_changed, credentials.previous) == (True, OLD)
    assert credentials.candidate() == NEW.encode()
    assert not credentials.is_changed
    assert credentials.worked()
    assert (credentials.previous, store.value(SECRET)) == (None, NEW)


def test_refused_new_password_gives_way_to_the_old_one() -> None:
    """They take turns until one of them works; if it is the old one, it is back in force."""
    credentials, store = delivered()
    store.write(SECRET, NEW)
    tried = []
    for _ in range(4):
        tried.append(credentials.candidate())
        credentials.refused()
    assert tried == [NEW.encode(), OLD.encode()] * 2
    credentials.candidate()
    credentials.refused()
    assert credentials.candidate() == OLD.encode()
    assert not credentials.worked()
    assert store.value(SECRET) == OLD
    assert credentials.candidate() == OLD.encode()


def test_first_password_ever_gives_way_to_none() -> None:
    """A station without one may be let in as before."""
    credentials, store = delivered(None)
    store.write(SECRET, NEW)
    assert credentials.is_changed
    credentials.candidate()
    credentials.refused()
    assert credentials.candidate() is None
    assert not credentials.worked()
    assert not store.value(SECRET)


def test_second_change_before_the_first_has_worked_keeps_the_one_that_did() -> None:
    """What has never worked is no way back."""
    credentials, store = delivered()
    store.write(SECRET, NEW)
    store.write(SECRET, NEWER)
    assert credentials.previous == OLD
    credentials.candidate()
    credentials.refused()
    assert credentials.candidate() == OLD.encode()


def test_same_password_again_changes_nothing() -> None:
    """No reconnecting for that."""
    credentials, store = delivered()
    store.write(SECRET, OLD)
    assert (credentials.is_changed, credentials.previous) == (False, None)


def test_only_the_password_is_listened_to() -> None:
    """Other variables come and go."""
    credentials, store = delivered()
    found = next(variable for variable in store if variable.ref.variable == "EVConnectionTimeOut")
    store.write(found.ref, "5")
    assert not credentials.is_changed


def test_password_that_needs_a_reboot_waits_for_it() -> None:
    """Until then the old one is sent."""
    credentials, store = delivered(needs_reboot=True)
    assert store.write(SECRET, NEW) is SetStatus.REBOOT_REQUIRED
    assert credentials.candidate() == OLD.encode()
    store.restart()
    assert (credentials.candidate(), credentials.previous) == (NEW.encode(), OLD)


def test_bytes_that_are_no_text_go_out_as_they_are() -> None:
    """1.6 keys are 16 to 20 bytes of any kind; the store keeps one character for each."""
    credentials, store = delivered()
    key = bytes(range(240, 256)) + b"\x00\x01"
    store.write(SECRET, key.decode("latin-1"))
    assert credentials.candidate() == key


def test_typed_password_goes_out_in_utf_8() -> None:
    """As a browser would send it."""
    credentials, _ = delivered("motdepasse-été-2026")
    assert credentials.candidate() == "motdepasse-été-2026".encode()


def test_kept_change_goes_on_after_a_restart() -> None:
    """The way back is kept with the memory."""
    credentials, store = delivered(None)
    store.restore({"securityctrlr.basicauthpassword": NEW})
    credentials.start_with(None, OLD)
    assert credentials.candidate() == NEW.encode()
    credentials.refused()
    assert credentials.candidate() == OLD.encode()
