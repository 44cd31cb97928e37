"""What stations get wrong and are let through with, in words: `docs/reference/findings.md` says more."""

DEVIATION_TEXTS: dict[str, tuple[str, str]] = {
    "deviation.unknown-property": (
        "sends a field that the standard does not have",
        "envoie un champ que la norme n'a pas",
    ),
    "deviation.null-for-absent": (
        "sends null for what it should leave out",
        "envoie null pour ce qu'elle devrait omettre",
    ),
    "deviation.too-long": (
        "sends a text that is longer than allowed",
        "envoie un texte plus long que permis",
    ),
    "deviation.unknown-value": (
        "uses a word that the standard does not have",
        "emploie un mot que la norme n'a pas",
    ),
    "deviation.number-for-string": (
        "sends a number where a text belongs",
        "envoie un nombre à la place d'un texte",
    ),
    "deviation.string-for-number": (
        "sends a text where a number belongs",
        "envoie un texte à la place d'un nombre",
    ),
    "deviation.string-for-boolean": (
        "sends a text where true or false belongs",
        "envoie un texte à la place de vrai ou faux",
    ),
    "deviation.integral-float": (
        "writes whole numbers with a decimal point",
        "écrit des nombres entiers avec des décimales",
    ),
    "deviation.out-of-range": (
        "sends a number beyond its bounds",
        "envoie un nombre hors de ses bornes",
    ),
    "deviation.not-a-multiple": (
        "sends a limit with too many decimals",
        "envoie une limite avec trop de décimales",
    ),
    "deviation.too-few-items": ("sends an empty list", "envoie une liste vide"),
    "deviation.too-many-items": (
        "sends a list that is longer than allowed",
        "envoie une liste plus longue que permis",
    ),
    "deviation.time-without-zone": (
        "sends times without their offset: read as UTC",
        "envoie des heures sans décalage : lues comme UTC",
    ),
    "deviation.odd-time": (
        "writes times in a form of its own",
        "écrit les heures dans une forme à elle",
    ),
    "deviation.unreadable-time": (
        "sends a time that is none: the time of reception stands in",
        "envoie une heure qui n'en est pas une : celle de la réception la remplace",
    ),
    "deviation.odd-number": (
        "writes numbers in a form of its own, with a unit or a comma",
        "écrit les nombres dans une forme à elle, avec une unité ou une virgule",
    ),
    "deviation.control-character": (
        "sends control characters in its texts",
        "envoie des caractères de commande dans ses textes",
    ),
    "deviation.lone-surrogate": (
        "sends half of a character in its texts",
        "envoie une moitié de caractère dans ses textes",
    ),
    "deviation.signed-value-not-read": (
        "sends signed meter values, which are not read",
        "envoie des valeurs de compteur signées, qui ne sont pas lues",
    ),
    "deviation.sampled-value-not-a-number": (
        "sends meter values that are no numbers: left out",
        "envoie des valeurs de compteur qui ne sont pas des nombres : omises",
    ),
    "deviation.unknown-connector-status": (
        "reports a connector status that the standard does not have",
        "signale un état de connecteur que la norme n'a pas",
    ),
    "deviation.unknown-event-type": (
        "sends transaction events of an unknown kind",
        "envoie des événements de transaction d'un genre inconnu",
    ),
    "deviation.part-left-out": (
        "sends billing messages with parts that cannot be read: left out",
        "envoie des messages de facturation dont des parties sont illisibles : omises",
    ),
    "deviation.required-unknown": (
        "sends billing messages in which something required is missing",
        "envoie des messages de facturation où il manque quelque chose d'obligatoire",
    ),
    "deviation.item-for-list": (
        "sends a single object where a list belongs",
        "envoie un seul objet à la place d'une liste",
    ),
    "deviation.fraction-for-integer": (
        "sends meter readings with a fraction of a watt-hour",
        "envoie des relevés avec une fraction de wattheure",
    ),
    "deviation.duplicate-key": ("sends a field twice", "envoie deux fois le même champ"),
    "deviation.null-payload": (
        "leaves out the content of a message",
        "omet le contenu d'un message",
    ),
    "deviation.empty-message-id": (
        "sends messages with an empty id",
        "envoie des messages à identifiant vide",
    ),
    "deviation.long-message-id": (
        "sends messages with an id that is too long",
        "envoie des messages à identifiant trop long",
    ),
    "deviation.incomplete-error": (
        "refuses without saying everything that belongs to a refusal",
        "refuse sans dire tout ce qu'un refus doit dire",
    ),
    "deviation.overlapping-call": (
        "does not wait for an answer before it asks again",
        "n'attend pas la réponse avant de redemander",
    ),
    "deviation.refused": (
        "sent what had to be refused ({detail})",
        "a envoyé ce qu'il fallait refuser ({detail})",
    ),
    "deviation.no-handler": (
        "asks for what nothing here handles yet ({detail})",
        "demande ce que rien ne traite encore ici ({detail})",
    ),
    "deviation.content-not-kept": (
        "sent a report that is too long to be kept with its content",
        "a envoyé un rapport trop long pour que son contenu soit conservé",
    ),
    "deviation.stray-answer": (
        "answers what nobody asked",
        "répond à ce que personne n'a demandé",
    ),
    "deviation.token-ambiguous": (
        "names a token by a value that several tokens have; the strictest verdict counts",
        "nomme un jeton par une valeur que plusieurs jetons portent; le verdict le plus strict compte",
    ),
    "deviation.samples-cut": (
        "sends more than 1,000 samples in one message; those that count were taken",
        "envoie plus de 1 000 échantillons dans un message; ceux qui comptent ont été retenus",
    ),
    "deviation.attachment-cut": (
        "sends signed values or cost details that are too long or too many to be kept",
        "envoie des valeurs signées ou des détails de coût trop longs ou trop nombreux pour être conservés",
    ),
    "deviation.before-accepted": (
        "sends billing messages before it is accepted",
        "envoie des messages de facturation avant d'être acceptée",
    ),
}
