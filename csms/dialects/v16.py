"""OCPP 1.6 (with the security extension): what may come before the boot is accepted."""

from csms.dialects.dialect import Dialect
from ocppj.versions import OcppVersion

V16 = Dialect(
    version=OcppVersion.V16,
    keeps_billing_before_accepted=True,  # 1.6 §4.2 forbids them, and stations delete what is refused
    triggers=frozenset({"TriggerMessage", "ExtendedTriggerMessage"}),
    invites={
        "ChangeAvailability": ("StatusNotification",),  # §5.2, §4.9: the station tells its new status
        "ReserveNow": ("StatusNotification",),
        "CancelReservation": ("StatusNotification",),
        "GetDiagnostics": ("DiagnosticsStatusNotification",),
        "GetLog": ("LogStatusNotification",),
        "UpdateFirmware": ("FirmwareStatusNotification",),
        "SignedUpdateFirmware": ("SignedFirmwareStatusNotification",),
    },
    billing=frozenset({"StartTransaction", "StopTransaction", "MeterValues"}),
)
