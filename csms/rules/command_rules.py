"""What the central system adds to each command: who may send it, its name for people, and what follows from
the answer. The commands themselves are in `ocppj/model/<block>.py`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from access.actions import Permission
from csms.domain.commands import CommandEnding
from csms.rules.charging_profiles import (
    composite_answered,
    dynamic_updated,
    profile_answered,
    profile_report_answered,
    profile_requested,
    profiles_cleared,
    start_profile_requested,
)
from csms.rules.display import (
    clearing_answered,
    message_answered,
    report_answered,
    report_requested,
)
from csms.rules.reservations import cancellation_answered, reservation_answered, reservation_requested
from csms.rules.rows import Row
from csms.rules.state import Decision, State
from csms.rules.variables import variables_answered
from ocppj.model.authorization import ClearCache
from ocppj.model.availability import ChangeAvailability
from ocppj.model.boot import Reset
from ocppj.model.catalogue import COMMANDS
from ocppj.model.command import Command
from ocppj.model.customers import CustomerInformation
from ocppj.model.data_transfer import TransferData
from ocppj.model.diagnostics import GetDiagnostics, GetLog
from ocppj.model.display import ClearDisplayMessage, GetDisplayMessages, SetDisplayMessage
from ocppj.model.firmware import PublishFirmware, SignedUpdateFirmware, UnpublishFirmware, UpdateFirmware
from ocppj.model.local_list import GetLocalListVersion, SendLocalList
from ocppj.model.monitoring import (
    ClearVariableMonitoring,
    GetMonitoringReport,
    SetBaseMonitoring,
    SetMonitoringLevel,
    SetVariableMonitoring,
)
from ocppj.model.remote_control import RemoteStart, RemoteStop, TriggerMessage, UnlockConnector
from ocppj.model.reservations import CancelReservation, ReserveNow
from ocppj.model.smart_charging import (
    ClearChargingProfile,
    GetChargingProfiles,
    GetCompositeSchedule,
    SetChargingProfile,
    UpdateDynamicSchedule,
    UsePriorityCharging,
)
from ocppj.model.tariffs import CostUpdated
from ocppj.model.transactions import GetTransactionStatus
from ocppj.model.variables import GetBaseReport, GetReport, GetVariables, SetVariables
from ocppj.vocabulary import StationId
from runtime.wording import Phrase

RequestRule = Callable[[str, StationId, Any, str, datetime], Sequence[Row]]
"""(command id, station, command, who asks, when) → rows, written with the command's own."""
EndRule = Callable[[State, CommandEnding], Decision]
"""However it ended, over what is stored then → rows and news, written with the end's own."""


def nothing_is_kept(
    command_id: str,  # noqa: ARG001 - table
    station_id: StationId,  # noqa: ARG001
    command: Command,  # noqa: ARG001
    origin: str,  # noqa: ARG001
    at: datetime,  # noqa: ARG001
) -> Sequence[Row]:
    """Of most commands: only their own row."""
    return ()


def nothing_ends(state: State, ending: CommandEnding) -> Decision:  # noqa: ARG001 - table
    """With most commands."""
    return Decision()


class CommandRule(NamedTuple):
    """What the central system says of one command."""

    action: Permission
    """What one must be allowed to do who sends it."""
    label: Phrase
    may_interrupt: bool = False
    """It may stop somebody's charging, open a lock, or change how the station works: people confirm it."""
    starts_something: bool = False
    """One that is not accepted yet may be asked and set, but starts nothing (1.6 §4.2, 2.0.1 B02.FR.05)."""
    requested: RequestRule = nothing_is_kept
    ended: EndRule = nothing_ends
    counter: str | None = None
    """Of which the next number is made up for an argument that people left out; None: any number will do."""


COMMAND_RULES: Mapping[type[Command], CommandRule] = {
    Reset: CommandRule(Permission.OPERATE, Phrase("Redémarrer", "Reset"), may_interrupt=True),
    ChangeAvailability: CommandRule(
        Permission.OPERATE, Phrase("Changer la disponibilité", "Change availability"), may_interrupt=True
    ),
    UnlockConnector: CommandRule(
        Permission.OPERATE, Phrase("Déverrouiller", "Unlock connector"), may_interrupt=True
    ),
    TriggerMessage: CommandRule(Permission.TRY_OUT, Phrase("Demander un message", "Trigger message")),
    RemoteStart: CommandRule(
        Permission.TRY_OUT,
        Phrase("Démarrer la recharge", "Remote start"),
        starts_something=True,
        requested=start_profile_requested,
        ended=profile_answered,
    ),
    RemoteStop: CommandRule(
        Permission.TRY_OUT, Phrase("Arrêter la recharge", "Remote stop"), starts_something=True
    ),
    GetTransactionStatus: CommandRule(
        Permission.TRY_OUT, Phrase("État d'une transaction", "Transaction status")
    ),
    GetVariables: CommandRule(
        Permission.OPERATE, Phrase("Lire des variables", "Read variables"), ended=variables_answered
    ),
    SetVariables: CommandRule(
        Permission.OPERATE,
        Phrase("Régler une variable", "Set a variable"),
        may_interrupt=True,
        ended=variables_answered,
    ),
    GetBaseReport: CommandRule(Permission.OPERATE, Phrase("Rapport de base", "Base report")),
    GetReport: CommandRule(Permission.OPERATE, Phrase("Rapport partiel", "Custom report")),
    SetVariableMonitoring: CommandRule(
        Permission.OPERATE, Phrase("Surveiller une variable", "Set a monitor")
    ),
    ClearVariableMonitoring: CommandRule(
        Permission.OPERATE, Phrase("Retirer des surveillances", "Clear monitors")
    ),
    SetBaseMonitoring: CommandRule(
        Permission.OPERATE, Phrase("Choisir les surveillances", "Monitoring base"), may_interrupt=True
    ),
    SetMonitoringLevel: CommandRule(
        Permission.OPERATE, Phrase("Gravité à signaler", "Monitoring level"), may_interrupt=True
    ),
    GetMonitoringReport: CommandRule(
        Permission.OPERATE, Phrase("Rapport des surveillances", "Monitoring report")
    ),
    SendLocalList: CommandRule(Permission.OPERATE, Phrase("Envoyer la liste locale", "Send local list")),
    GetLocalListVersion: CommandRule(
        Permission.OPERATE, Phrase("Version de la liste locale", "Local list version")
    ),
    ClearCache: CommandRule(Permission.OPERATE, Phrase("Vider le cache", "Clear cache"), may_interrupt=True),
    ReserveNow: CommandRule(
        Permission.TRY_OUT,
        Phrase("Réserver", "Reserve"),
        starts_something=True,
        requested=reservation_requested,
        ended=reservation_answered,
        counter="reservation",
    ),
    CancelReservation: CommandRule(
        Permission.TRY_OUT,
        Phrase("Annuler une réservation", "Cancel a reservation"),
        starts_something=True,
        ended=cancellation_answered,
    ),
    SetChargingProfile: CommandRule(
        Permission.OPERATE,
        Phrase("Limiter la recharge", "Set a charging profile"),
        may_interrupt=True,
        requested=profile_requested,
        ended=profile_answered,
    ),
    ClearChargingProfile: CommandRule(
        Permission.OPERATE,
        Phrase("Retirer des limites", "Clear charging profiles"),
        may_interrupt=True,
        ended=profiles_cleared,
    ),
    GetChargingProfiles: CommandRule(
        Permission.OPERATE,
        Phrase("Lire les profils de recharge", "Read charging profiles"),
        ended=profile_report_answered,
    ),
    GetCompositeSchedule: CommandRule(
        Permission.OPERATE, Phrase("Lire le plan de recharge", "Composite schedule"), ended=composite_answered
    ),
    UsePriorityCharging: CommandRule(
        Permission.OPERATE, Phrase("Recharge prioritaire", "Priority charging"), may_interrupt=True
    ),
    UpdateDynamicSchedule: CommandRule(
        Permission.OPERATE,
        Phrase("Changer une limite dynamique", "Update a dynamic schedule"),
        may_interrupt=True,
        ended=dynamic_updated,
    ),
    UpdateFirmware: CommandRule(
        Permission.OPERATE,
        Phrase("Mettre à jour le micrologiciel", "Update the firmware"),
        may_interrupt=True,
    ),
    SignedUpdateFirmware: CommandRule(
        Permission.OPERATE,
        Phrase("Installer un micrologiciel signé", "Install a signed firmware"),
        may_interrupt=True,
    ),
    PublishFirmware: CommandRule(
        Permission.OPERATE, Phrase("Publier un micrologiciel", "Publish a firmware")
    ),
    UnpublishFirmware: CommandRule(
        Permission.OPERATE, Phrase("Retirer un micrologiciel publié", "Unpublish a firmware")
    ),
    GetLog: CommandRule(Permission.OPERATE, Phrase("Demander un journal", "Get a log")),
    GetDiagnostics: CommandRule(
        Permission.OPERATE, Phrase("Demander les diagnostics", "Get the diagnostics")
    ),
    CostUpdated: CommandRule(Permission.OPERATE, Phrase("Afficher le coût", "Show the cost")),
    SetDisplayMessage: CommandRule(
        Permission.OPERATE, Phrase("Afficher un message", "Show a message"), ended=message_answered
    ),
    GetDisplayMessages: CommandRule(
        Permission.OPERATE,
        Phrase("Lire les messages affichés", "Read the messages shown"),
        requested=report_requested,
        ended=report_answered,
    ),
    ClearDisplayMessage: CommandRule(
        Permission.OPERATE, Phrase("Retirer un message", "Remove a message"), ended=clearing_answered
    ),
    CustomerInformation: CommandRule(
        Permission.OPERATE, Phrase("Données d'un client", "Customer information"), may_interrupt=True
    ),
    TransferData: CommandRule(Permission.OPERATE, Phrase("Transfert de données", "Data transfer")),
}


def check_rules(rules: Mapping[type[Command], CommandRule]) -> None:
    """Raises TypeError for a command of which the table says nothing."""
    lacking = [name for name, command in COMMANDS.items() if command not in rules]
    if lacking:
        raise TypeError(f"csms/rules/command_rules.py says nothing of: {', '.join(lacking)}")


check_rules(COMMAND_RULES)


def rule_of(name: str) -> CommandRule:
    """Of a command by its name outside. Raises KeyError."""
    return COMMAND_RULES[COMMANDS[name]]
