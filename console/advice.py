"""What to do when a station does not get in, and where; what happened and why is in the catalogue
(`attempt.*`, `cause.*`).
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
        "Si l'URL de la borne commence par http://, y écrire ws://; sinon, un autre programme a appelé.",
        "If the station's URL begins with http://, write ws:// there; else some other program has called.",
    ),
    "upgrade_invalid": WayOut(
        "Si l'URL de la borne commence par http://, y écrire ws://; s'il y a un mandataire entre les deux, "
        "lui faire transmettre l'en-tête Upgrade.",
        "If the station's URL begins with http://, write ws:// there; if a proxy stands in between, let it "
        "pass the header Upgrade on.",
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
        page="/stations",
        command="ctl stations",
        route="GET /api/v1/stations",
    ),
    "too_many_from_address": WayOut(
        "Beaucoup de bornes derrière une adresse : relever la limite du serveur.",
        "Many stations behind one address: raise the server's limit.",
    ),
}
"""What to do about a failed connection, by its cause or its reason; `{id}` is the id that it came with."""
