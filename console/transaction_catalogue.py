"""The texts of transactions: what is odd about one, what waits for a person, and what people decided."""

TRANSACTION_TEXTS: dict[str, tuple[str, str]] = {
    "nav.transactions": ("Transactions", "Transactions"),
    "nav.transactions_some": ("Transactions ({count} held)", "Transactions ({count} à décider)"),
    "transactions.title": ("Transactions", "Transactions"),
    "transactions.about": (
        "Some cannot be as the station told them. They are held until a manager decides.",
        "Certaines ne peuvent pas être telles que la borne les a dites. Un gestionnaire doit en décider.",
    ),
    "transactions.review": ("Review", "Décision"),
    "transactions.none": ("There is nothing here.", "Il n'y a rien ici."),
    "transactions.older": ("Older", "Plus anciennes"),
    "transactions.newer": ("Newer", "Plus récentes"),
    "transaction.unknown": (
        "Station {station} has no transaction {id}.",
        "La borne {station} n'a pas de transaction {id}.",
    ),
    "transaction.title": ("Transaction {id}", "Transaction {id}"),
    "transaction.reason": ("Why it ended", "Motif de la fin"),
    "transaction.review": ("Review", "Décision"),
    "transaction.odd": ("What is odd", "Ce qui est inhabituel"),
    "transaction.nothing_odd": ("Nothing is.", "Rien."),
    "transaction.held": ("Held for review", "En attente d'une décision"),
    "transaction.held_about": (
        "Energy ({energy}) and cost ({cost}) are provisional: what is plausible. No display is told a cost.",
        "Énergie ({energy}) et coût ({cost}) provisoires : le plausible. Aucun écran n'affiche de coût.",
    ),
    "transaction.open_about": (
        "It goes on: energy and cost may still change.",
        "Elle est en cours : l'énergie et le coût peuvent encore changer.",
    ),
    "transaction.trace": ("Decisions", "Décisions"),
    "transaction.decided": (
        "{decision} by {who}, {when} (UTC): {reason}",
        "{decision} par {who}, {when} (UTC) : {reason}",
    ),
    "transaction.change": ("{name}: {before} → {after}", "{name} : {before} → {after}"),
    "transaction.provisional": ("{value} (provisional)", "{value} (provisoire)"),
    "transaction.odd_count": ("{count} odd", "{count} à noter"),
    "review.title": ("Decide", "Décider"),
    "review.decision": ("Decision", "Décision"),
    "review.reason": ("Why (it is kept)", "Pourquoi (c'est conservé)"),
    "review.about": (
        "What is decided stays, whatever comes later. An empty field leaves its value; a cost is recounted.",
        "Ce qui est décidé demeure. Un champ vide laisse sa valeur; le coût est recalculé.",
    ),
    "review.energy": ("Energy (kWh)", "Énergie (kWh)"),
    "review.cost": ("Cost ({currency})", "Coût ({currency})"),
    "review.started": ("Started (UTC): 2026-01-31 14:30", "Début (UTC) : 2026-01-31 14:30"),
    "review.ended": ("Ended (UTC): 2026-01-31 15:30", "Fin (UTC) : 2026-01-31 15:30"),
    "review.decide": ("Decide", "Décider"),
    "review.done": ("It is decided.", "C'est décidé."),
    "review.needs_reason": ("Say why.", "Dites pourquoi."),
    "review.needs_value": ("Fill in what to correct.", "Remplissez ce qui est à corriger."),
    "review.no_number": ("{text} is no number of 0 or more.", "{text} n'est pas un nombre de 0 ou plus."),
    "review.no_instant": (
        "{text} is no time like 2026-01-31 14:30.",
        "{text} n'est pas une heure comme 2026-01-31 14:30.",
    ),
    "review_state.all": ("all", "toutes"),
    "review_state.held": ("held for review", "à décider"),
    "review_state.accepted": ("accepted", "acceptée"),
    "review_state.corrected": ("corrected", "corrigée"),
    "review_state.void": ("void", "annulée"),
    "decided.accept": ("accepted", "acceptée"),
    "decided.correct": ("corrected", "corrigée"),
    "decided.void": ("made void", "annulée"),
    "decided.end": ("ended", "terminée"),
    "decision.accept": ("Accept as it was counted", "Accepter telle qu'elle a été comptée"),
    "decision.correct": ("Correct", "Corriger"),
    "decision.void": ("Void: no energy, no cost", "Annuler : ni énergie ni coût"),
    "column.cost": ("Cost", "Coût"),
    "column.review": ("Review", "Décision"),
    "flag.clock-unset": (
        "The station gave no time, or one before OCPP existed; the time of reception stands in.",
        "La borne n'a pas donné d'heure, ou une d'avant OCPP; l'heure de réception en tient lieu.",
    ),
    "flag.clock-ahead": (
        "The station's clock was ahead by more than five minutes; the time of reception stands in.",
        "L'horloge de la borne avançait de plus de cinq minutes; l'heure de réception en tient lieu.",
    ),
    "flag.clock-behind": (
        "A time was too old to be true; the time of reception stands in.",
        "Une heure était trop ancienne pour être vraie; l'heure de réception en tient lieu.",
    ),
    "flag.clock-went-back": (
        "It ended before it started; the times of reception tell how long it was.",
        "Elle a fini avant de commencer; les heures de réception en donnent la durée.",
    ),
    "flag.meter-went-back": (
        "The meter ended below its start or its peak; only the energy that is proven counts.",
        "Le compteur a fini sous son début ou son maximum; seule l'énergie prouvée compte.",
    ),
    "flag.meter-implausible": (
        "A reading of the meter that no EVSE can have reached; the others count, it does not.",
        "Un relevé du compteur qu'aucun EVSE n'a pu atteindre; les autres comptent, lui non.",
    ),
    "flag.orphan": (
        "A 1.6 station named a transaction number that was never given out; nobody knows its start.",
        "Une borne 1.6 a nommé un numéro de transaction jamais attribué; nul n'en connaît le début.",
    ),
    "flag.matched": (
        "A 1.6 message named none of our transactions; it went to the only one open that fitted.",
        "Un message 1.6 ne nommait aucune de nos transactions; il est allé à la seule ouverte qui convenait.",
    ),
    "flag.superseded": (
        "A new one started on the EVSE before its end came; it ended with its last reading.",
        "Une autre a commencé sur l'EVSE avant que sa fin n'arrive; elle finit avec son dernier relevé.",
    ),
    "flag.end-missing": (
        "Its end never came, and the station has moved on; it ended with its last reading.",
        "Sa fin n'est jamais venue, et la borne a continué; elle finit avec son dernier relevé.",
    ),
    "flag.ended-by-hand": (
        "A person ended it; who and why stands with its reviews.",
        "Une personne y a mis fin; qui et pourquoi figure avec ses décisions.",
    ),
    "flag.token-refused": (
        "It started although its id token was not accepted.",
        "Elle a commencé bien que son jeton n'ait pas été accepté.",
    ),
    "flag.start-missing": (
        "Messages of a 2.x transaction came, its start did not (yet).",
        "Des messages d'une transaction 2.x sont venus, mais pas (encore) son début.",
    ),
    "flag.incomplete": (
        "It has ended, and a sequence number is missing (allowed: 2.0.1 E04.FR.07).",
        "Elle est finie, et un numéro de séquence manque (permis : 2.0.1 E04.FR.07).",
    ),
    "flag.after-end": (
        "Something came that is later than the end; its samples are kept, they do not count.",
        "Quelque chose est venu de plus tard que la fin; ses relevés sont gardés, ils ne comptent pas.",
    ),
    "flag.sequence-restarted": (
        "The station gave new events sequence numbers that it had used before.",
        "La borne a donné à de nouveaux événements des numéros de séquence déjà utilisés.",
    ),
    "flag.conflict": (
        "A message contradicted one that was stored before; it is in quarantine, the first one counts.",
        "Un message en contredisait un autre déjà enregistré; il est retenu, le premier compte.",
    ),
    "flag.energy-unmeasured": (
        "Energy has a price, and the station told no register; the cost is without it.",
        "L'énergie a un prix, et la borne n'a donné aucun relevé; le coût ne la comprend pas.",
    ),
    "flag.idle-unmeasured": (
        "Idle time has a price, and the station never told whether it charges: none is billed.",
        "Le temps sans recharger a un prix, et la borne n'a jamais dit si elle charge : aucun n'est facturé.",
    ),
}
