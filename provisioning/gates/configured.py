"""Every step of the activation is done with, and the station's boot was accepted."""

from provisioning.blockers import Blocker, Code
from provisioning.catalogue import blocker
from provisioning.gates.facts import GateFacts
from provisioning.gates.gate import Gate
from provisioning.lifecycle import Lifecycle
from runtime.wording import Phrase

_BEGINNING = Phrase("au début", "at its beginning")


def _check(facts: GateFacts) -> Blocker | None:
    """Offline comes first: nothing else can be done about it."""
    if facts.is_activated:
        return None
    if not facts.is_online:
        return blocker(Code.STATION_OFFLINE)
    if facts.is_paused:
        return blocker(Code.UNDER_TEST)
    if facts.is_released:
        if facts.progress is not None and facts.progress.code is Code.BOOT_MISSING:
            return facts.progress
        return blocker(Code.WAITING_FOR_BOOT)
    return facts.progress or blocker(Code.CONFIGURING, step=_BEGINNING)


CONFIGURED = Gate(
    name="configured",
    title=Phrase("Configurée et acceptée", "Configured and accepted"),
    state=Lifecycle.CONFIGURING,
    holds_when="activation asked for, not yet accepted",
    codes=(
        Code.CONFIGURING,
        Code.UNDER_TEST,
        Code.STATION_OFFLINE,
        Code.NOT_BOOTED,
        Code.STEP_STUCK,
        Code.WAITING_FOR_BOOT,
        Code.BOOT_MISSING,
    ),
    check=_check,
    after=(
        "ordered",
        "powered",
        "localized",
        "site-prepared",
        "commissioned",
        "account",
        "organisation",
        "billing",
        "contacts",
        "requested",
    ),
)
