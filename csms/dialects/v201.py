"""OCPP 2.0.1 and 2.1: what may come before the boot is accepted."""

from dataclasses import replace

from csms.dialects.dialect import Dialect
from ocppj.versions import OcppVersion

V201 = Dialect(
    version=OcppVersion.V201,
    keeps_billing_before_accepted=False,  # B02.FR.09 wants the SecurityError
    triggers=frozenset({"TriggerMessage"}),
    invites={
        # G03.FR.04, G04.FR.05: a changed availability is reported as a status, or as an event of the variable
        "ChangeAvailability": ("StatusNotification", "NotifyEvent"),
        "ReserveNow": ("StatusNotification", "NotifyEvent"),
        "CancelReservation": ("StatusNotification", "NotifyEvent", "ReservationStatusUpdate"),
        # OCPP 2.0.1 part 2 FR.05: the messages that bring the result of these requests
        "GetReport": ("NotifyReport",),
        "GetBaseReport": ("NotifyReport",),
        "GetMonitoringReport": ("NotifyMonitoringReport",),
        "GetDisplayMessages": ("NotifyDisplayMessages",),
        "CustomerInformation": ("NotifyCustomerInformation",),
        "GetChargingProfiles": ("ReportChargingProfiles",),
        "GetLog": ("LogStatusNotification",),
        "UpdateFirmware": ("FirmwareStatusNotification",),
        "PublishFirmware": ("PublishFirmwareStatusNotification",),
    },
    # Security events are among them: their delivery is guaranteed (A04.FR.02).
    billing=frozenset({"TransactionEvent", "MeterValues", "SecurityEventNotification"}),
)
V21 = replace(
    V201,
    version=OcppVersion.V21,
    invites={**V201.invites, "GetDERControl": ("ReportDERControl",), "RequestBatterySwap": ("BatterySwap",)},
)
