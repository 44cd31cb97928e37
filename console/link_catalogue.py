"""Why stations do not get in, what to do about it, and what they do wrong; each in English and in French.

`attempt` says what happened, `cause` why a station was turned away, `ADVICE` what to do about either, and
where. `deviation` is what a station does wrong and is let in with; it is read after its name.
"""

from runtime.wording import WayOut

_FIRMWARE_OR_PROXY = WayOut(
    "Chercher une mise à jour du micrologiciel, ou un mandataire entre la borne et ce serveur.",
    "Look for a firmware update, or for a proxy between the station and this server.",
)

ADVICE: dict[str, WayOut] = {
    "unknown_station": WayOut(
        "La commander, ou faire attendre les inconnues en quarantaine.",
        "Order it, or let strangers wait in quarantine.",
        command="up --unknown quarantine",
        route="POST /api/v1/orders",
    ),
    "credentials_missing": WayOut(
        "Si c'est une autre borne, lui donner son propre identifiant; si elle a été remise aux réglages "
        "d'usine, son secret est perdu : demander à un administrateur.",
        "If it is another box, give it an id of its own; if it was reset to factory settings, its secret is "
        "gone: ask an administrator.",
        page="/stations/{id}",
        command="ctl delete /stations/{id}/credential",
        route="DELETE /api/v1/stations/{id}/credential",
    ),
    "credentials_wrong": WayOut(
        "Corriger son mot de passe, ou l'identifiant si c'est une autre borne; remise aux réglages d'usine, "
        "elle a perdu son secret.",
        "Correct its password, or its id if it is another box; reset to factory settings, it has lost its "
        "secret.",
        page="/stations/{id}",
        command="ctl delete /stations/{id}/credential",
        route="DELETE /api/v1/stations/{id}/credential",
    ),
    "credentials_unreadable": WayOut(
        "Saisir à nouveau son mot de passe, qu'elle doit envoyer en authentification HTTP « Basic ».",
        "Type its password anew; it must be sent as HTTP Basic authentication.",
    ),
    "username_is_not_the_station_id": WayOut(
        "Lui donner comme nom d'utilisateur son propre identifiant, la fin de son URL.",
        "Give it its own id, the last part of its URL, as user name.",
    ),
    "incumbent_alive": WayOut(
        "Deux bornes ont peut-être le même identifiant, ou une connexion traîne : comparer les adresses.",
        "Two boxes may have one id, or an old connection is kept open: compare addresses.",
        page="/stations/{id}",
        command="doctor {id}",
        route="GET /api/v1/connection-attempts?identity={id}",
    ),
    "silent": WayOut(
        "Un balayage de ports ou une sonde fait cela; une borne aussi, si elle attend TLS : comparer ws:// et wss://.",
        "A port scan or a health check does so; a station does it if it expects TLS: compare ws:// and wss://.",
    ),
    "request_incomplete": WayOut(
        "Vérifier le signal radio, et ce qui se trouve entre la borne et ce serveur.",
        "Look at the radio link, and at what stands between the station and this server.",
    ),
    "tls_on_plain_port": WayOut(
        "Écrire ws:// au lieu de wss:// dans la borne, ou utiliser le port avec TLS.",
        "Write ws:// instead of wss:// in the station, or use the port with TLS.",
    ),
    "plain_on_tls_port": WayOut(
        "Écrire wss:// au lieu de ws:// dans la borne.",
        "Write wss:// instead of ws:// in the station.",
    ),
    "tls_failed": WayOut(
        "Installer dans la borne le certificat d'autorité de ce serveur, et vérifier l'horloge de la borne.",
        "Put the CA certificate of this server into the station, and look at the station's clock.",
    ),
    "request_malformed": _FIRMWARE_OR_PROXY,
    "request_too_large": _FIRMWARE_OR_PROXY,
    "not_an_upgrade": WayOut(
        "Aucune borne ne fait cela : un autre programme a appelé.",
        "No station does this: some other program has called.",
    ),
    "upgrade_invalid": WayOut(
        "S'il y a un mandataire entre les deux, lui faire transmettre l'en-tête Upgrade.",
        "If a proxy stands in between, let it pass the header Upgrade on.",
    ),
    "wrong_path": WayOut(
        "Écrire dans la borne le chemin /ocpp/<identifiant>.",
        "Write the path /ocpp/<station id> in the station.",
    ),
    "identity_invalid": WayOut(
        "Corriger l'identifiant dans la borne : lettres, chiffres et *-_=:+|@. seulement, 48 au plus.",
        "Correct the id in the station: letters, digits and *-_=:+|@. only, at most 48.",
    ),
    "foreign_origin": WayOut(
        "Une page web d'un autre site a appelé, et non une borne; si c'est un outil voulu, l'autoriser.",
        "A web page of another site has called, not a station; if it is a tool that you want, allow it.",
        command="up --ocpp-origins https://HOST",
    ),
    "foreign_subprotocol": WayOut(
        "Régler la borne sur OCPP 1.6J, 2.0.1 ou 2.1.",
        "Set the station to OCPP 1.6J, 2.0.1 or 2.1.",
    ),
    "admission_failed": WayOut(
        "Consulter le journal du serveur.",
        "Look into the server's log.",
    ),
    "too_many_connections": WayOut(
        "Voir qui les tient.",
        "Look who holds them.",
        page="/",
        command="ctl stations",
        route="GET /api/v1/stations",
    ),
    "too_many_from_address": WayOut(
        "Beaucoup de bornes derrière une adresse : relever la limite du serveur.",
        "Many stations behind one address: raise the server's limit.",
    ),
}
"""What to do about a failed connection, by its cause or its reason; `{id}` is the id that it came with."""

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
    "attempt.foreign_origin": ("A web page of another site", "Une page web d'un autre site"),
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
    "deviation.host_header_missing": ("leaves out the header Host", "omet l'en-tête Host"),
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
} | {f"advice.{slug}": (way_out.en, way_out.fr) for slug, way_out in ADVICE.items()}
