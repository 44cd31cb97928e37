"""The texts of the page of messages in quarantine."""

QUARANTINE_TEXTS: dict[str, tuple[str, str]] = {
    "nav.quarantine": ("Messages kept", "Messages retenus"),
    "nav.quarantine_some": ("Messages kept ({count})", "Messages retenus ({count})"),
    "quarantine.title": ("Messages kept", "Messages retenus"),
    "quarantine.about": (
        "Messages about money that could not be used, or only in part. They are kept as they came.",
        "Messages de facturation inutilisables, ou utilisés en partie seulement. Ils sont gardés tels quels.",
    ),
    "quarantine.none": ("There is nothing here.", "Il n'y a rien ici."),
    "quarantine.state": ("State", "État"),
    "quarantine.open": ("Read", "Lire"),
    "quarantine.older": ("Older", "Plus anciens"),
    "quarantine.newer": ("Newer", "Plus récents"),
    "quarantine.corrected": ("Taken in instead", "Repris à la place"),
    "quarantine.decided": (
        "{state} by {who}, {when} (UTC): {reason}",
        "{state} par {who}, {when} (UTC) : {reason}",
    ),
    "quarantine.reason": ("Why (it is kept)", "Pourquoi (c'est conservé)"),
    "quarantine.correct_hint": (
        "Taken in, it is read and counted like a message that has just come. The API can correct it first.",
        "Repris, il est lu et compté comme un message qui vient d'arriver. L'API permet de le corriger.",
    ),
    "quarantine.take_in": ("Take in again", "Reprendre"),
    "quarantine.dismiss": ("Dismiss", "Écarter"),
    "quarantine.done": ("It is noted.", "C'est noté."),
    "quarantine_state.waiting": ("waiting", "en attente"),
    "quarantine_state.used": ("used in part", "utilisé en partie"),
    "quarantine_state.taken-in": ("taken in", "repris"),
    "quarantine_state.dismissed": ("dismissed", "écarté"),
    "quarantine_state.all": ("all", "tous"),
    "quarantine_cause.refused": ("could not be read", "illisible"),
    "quarantine_cause.before-accepted": (
        "came before the station was accepted",
        "arrivé avant que la borne soit acceptée",
    ),
    "quarantine_cause.conflict": (
        "contradicts what was stored before",
        "contredit ce qui était déjà enregistré",
    ),
    "quarantine_cause.not-stored": (
        "could not be stored",
        "n'a pas pu être enregistré",
    ),
    "quarantine_cause.partly-read": (
        "was read in part; what could be read counts",
        "lu en partie ; ce qui a pu être lu compte",
    ),
}
