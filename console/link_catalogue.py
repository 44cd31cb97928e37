"""Why stations do not get in, what to do about it, and what they do wrong; each in English and in French.

`attempt` says what happened, `cause` why a station was turned away, `advice` what to do about either.
`deviation` is what a station does wrong and is let in with; it is read after the station's name.
"""

LINK_TEXTS: dict[str, tuple[str, str]] = {
    "attempt.tls_on_plain_port": ("TLS on the port without TLS", "TLS sur le port sans TLS"),
    "attempt.plain_on_tls_port": ("No TLS on the port with TLS", "Sans TLS sur le port avec TLS"),
    "attempt.tls_failed": ("TLS handshake failed", "Échec de la négociation TLS"),
    "attempt.silent": ("Connected and sent nothing", "Connectée sans rien envoyer"),
    "attempt.request_incomplete": ("The request broke off", "Demande interrompue"),
    "attempt.request_malformed": ("What came is no HTTP request", "Ce n'est pas une requête HTTP"),
    "attempt.request_too_large": ("The request is too long", "Requête trop longue"),
    "attempt.not_an_upgrade": ("Not a WebSocket request", "Pas une requête WebSocket"),
    "attempt.upgrade_invalid": (
        "WebSocket headers missing or wrong",
        "En-têtes WebSocket absents ou erronés",
    ),
    "attempt.wrong_path": ("Wrong path", "Mauvais chemin"),
    "attempt.identity_invalid": ("No valid station id in the URL", "Aucun identifiant valide dans l'URL"),
    "attempt.refused": ("Turned away", "Refusée"),
    "attempt.foreign_subprotocol": (
        "Speaks none of our OCPP versions",
        "Ne parle aucune de nos versions d'OCPP",
    ),
    "attempt.admission_failed": ("The server could not decide", "Le serveur n'a pas pu décider"),
    "attempt.too_many_connections": ("The server is full", "Le serveur est plein"),
    "attempt.too_many_from_address": (
        "Too many connections from this address",
        "Trop de connexions depuis cette adresse",
    ),
    "cause.unknown_station": ("the station is not known here", "borne inconnue ici"),
    "cause.incumbent_alive": (
        "another connection of this station is alive",
        "une autre connexion de cette borne est active",
    ),
    "cause.credentials_missing": (
        "it sent no password, but has a secret",
        "aucun mot de passe, mais la borne a un secret",
    ),
    "cause.credentials_wrong": ("its password is wrong", "mauvais mot de passe"),
    "cause.credentials_unreadable": ("the credentials cannot be read", "identifiants illisibles"),
    "cause.username_is_not_the_station_id": (
        "the user name is not the station id",
        "le nom d'utilisateur n'est pas l'identifiant de la borne",
    ),
    "advice.unknown_station": (
        "Order it (POST /api/v1/orders), or let strangers wait: borne up --unknown quarantine",
        "La commander (POST /api/v1/orders), ou faire attendre les inconnues : borne up --unknown quarantine",
    ),
    "advice.credentials_missing": (
        "If it was reset to factory settings, its secret is gone: ask an administrator.",
        "Si elle a été remise aux réglages d'usine, son secret est perdu : demander à un administrateur.",
    ),
    "advice.credentials_wrong": (
        "Correct its password; if it was reset to factory settings, its secret is gone.",
        "Corriger son mot de passe; si elle a été remise aux réglages d'usine, son secret est perdu.",
    ),
    "advice.credentials_unreadable": (
        "Type its password anew; it must be sent as HTTP Basic authentication.",
        "Saisir à nouveau son mot de passe, qu'elle doit envoyer en authentification HTTP « Basic ».",
    ),
    "advice.username_is_not_the_station_id": (
        "Give it its own id, the last part of its URL, as user name.",
        "Lui donner comme nom d'utilisateur son propre identifiant, la fin de son URL.",
    ),
    "advice.incumbent_alive": (
        "Two boxes may have one id, or an old connection is kept open: compare addresses.",
        "Deux bornes ont peut-être le même identifiant, ou une connexion traîne : comparer les adresses.",
    ),
    "advice.silent": (
        "A port scan or a health check does so; a station does it if it expects TLS: compare ws:// and wss://.",
        "Un balayage de ports ou une sonde fait cela; une borne aussi, si elle attend TLS : comparer ws:// et wss://.",
    ),
    "advice.request_incomplete": (
        "Look at the radio link, and at what stands between the station and this server.",
        "Vérifier le signal radio, et ce qui se trouve entre la borne et ce serveur.",
    ),
    "advice.tls_on_plain_port": (
        "Write ws:// instead of wss:// in the station, or use the port with TLS.",
        "Écrire ws:// au lieu de wss:// dans la borne, ou utiliser le port avec TLS.",
    ),
    "advice.plain_on_tls_port": (
        "Write wss:// instead of ws:// in the station.",
        "Écrire wss:// au lieu de ws:// dans la borne.",
    ),
    "advice.tls_failed": (
        "Put the CA certificate of this server into the station, and look at the station's clock.",
        "Installer dans la borne le certificat d'autorité de ce serveur, et vérifier l'horloge de la borne.",
    ),
    "advice.request_malformed": (
        "Look for a firmware update, or for a proxy between the station and this server.",
        "Chercher une mise à jour du micrologiciel, ou un mandataire entre la borne et ce serveur.",
    ),
    "advice.request_too_large": (
        "Look for a firmware update, or for a proxy between the station and this server.",
        "Chercher une mise à jour du micrologiciel, ou un mandataire entre la borne et ce serveur.",
    ),
    "advice.not_an_upgrade": (
        "No station does this: some other program has called.",
        "Aucune borne ne fait cela : un autre programme a appelé.",
    ),
    "advice.upgrade_invalid": (
        "If a proxy stands in between, let it pass the header Upgrade on.",
        "S'il y a un mandataire entre les deux, lui faire transmettre l'en-tête Upgrade.",
    ),
    "advice.wrong_path": (
        "Write the path /ocpp/<station id> in the station.",
        "Écrire dans la borne le chemin /ocpp/<identifiant>.",
    ),
    "advice.identity_invalid": (
        "Correct the id in the station: letters, digits and *-_=:+|@. only, at most 48.",
        "Corriger l'identifiant dans la borne : lettres, chiffres et *-_=:+|@. seulement, 48 au plus.",
    ),
    "advice.foreign_subprotocol": (
        "Set the station to OCPP 1.6J, 2.0.1 or 2.1.",
        "Régler la borne sur OCPP 1.6J, 2.0.1 ou 2.1.",
    ),
    "advice.admission_failed": ("Look into the server's log.", "Consulter le journal du serveur."),
    "advice.too_many_connections": (
        "Look who holds them: borne ctl stations.",
        "Voir qui les tient : borne ctl stations.",
    ),
    "advice.too_many_from_address": (
        "Many stations behind one address: raise the server's limit.",
        "Beaucoup de bornes derrière une adresse : relever la limite du serveur.",
    ),
    "deviation.absolute_form": (
        "sends a whole URL in the request line",
        "envoie une URL entière dans la ligne de requête",
    ),
    "deviation.repeated_slashes": (
        "writes more slashes than one in its URL",
        "écrit plusieurs barres obliques de suite dans son URL",
    ),
    "deviation.trailing_slash": (
        "writes a slash at the end of its URL",
        "écrit une barre oblique à la fin de son URL",
    ),
    "deviation.identity_repeated": (
        "writes its id twice in its URL",
        "écrit deux fois son identifiant dans son URL",
    ),
    "deviation.prefix_case": ("writes /OCPP/ in capital letters", "écrit /OCPP/ en majuscules"),
    "deviation.query_ignored": (
        "adds ?… to its URL, which is not read",
        "ajoute à son URL ?…, qui n'est pas lu",
    ),
    "deviation.connection_header_missing": (
        "leaves out the header Connection: Upgrade",
        "omet l'en-tête Connection: Upgrade",
    ),
    "deviation.version_header_missing": (
        "leaves out the header Sec-WebSocket-Version",
        "omet l'en-tête Sec-WebSocket-Version",
    ),
    "deviation.subprotocol_missing": (
        "offers no OCPP version: taken as the one it spoke last",
        "n'offre aucune version d'OCPP : on retient sa dernière",
    ),
    "deviation.subprotocol_case": (
        "writes the OCPP version in capital letters",
        "écrit la version d'OCPP en majuscules",
    ),
    "deviation.pings_unanswered": ("never answers a ping", "ne répond jamais à un ping"),
    "deviation.authorization_key_sent_as_hex": (
        "sends its key as hexadecimal digits instead of bytes",
        "envoie sa clé en chiffres hexadécimaux plutôt qu'en octets",
    ),
    "deviation.credentials_unknown": (
        "sends a password that nobody gave it",
        "envoie un mot de passe que personne ne lui a donné",
    ),
}
