"""What stands between a station and active. Lines of the catalogue."""

from provisioning.blockers import Clearer, Code
from provisioning.entries import CatalogueEntry
from runtime.wording import Phrase, WayOut

_INSTALLER = Clearer.INSTALLER
_ADMINISTRATOR = Clearer.ADMINISTRATOR
_OWNER = Clearer.OWNER
_STATION = Clearer.STATION

ON_THE_WAY: dict[Code, CatalogueEntry] = {
    Code.NOT_ORDERED: CatalogueEntry(
        Phrase("Personne n'a commandé cette borne.", "Nobody ordered this station."),
        WayOut(
            "Adoptez-la, ou commandez-la.",
            "Adopt it, or order it.",
            page="/stations/{id}",
            command="ctl adopt {id}",
            route="POST /api/v1/adoptions",
        ),
        _ADMINISTRATOR,
    ),
    Code.NOT_SEEN: CatalogueEntry(
        Phrase(
            "Borne jamais vue en ligne; alimentation, signal, URL?",
            "Station never seen online; power, signal, URL?",
        ),
        WayOut(
            "Mettez-la sous tension et vérifiez l'URL saisie; voyez les échecs de connexion.",
            "Power it up and check the URL typed into it; look at the failed connections.",
            page="/attempts",
            command="doctor {id}",
            route="GET /api/v1/connection-attempts",
        ),
        _INSTALLER,
    ),
    Code.TEST_WINDOW: CatalogueEntry(
        Phrase(
            "Fenêtre d'essai ouverte jusqu'à {until} : seul le jeton d'essai peut recharger.",
            "A test window is open until {until}: only the test token may charge.",
        ),
        WayOut(
            "Faites la recharge d'essai, ou fermez la fenêtre; elle se ferme d'elle-même.",
            "Do the test charge, or close the window; it closes by itself.",
            command="ctl delete /stations/{id}/test-window",
            route="DELETE /api/v1/stations/{id}/test-window",
        ),
        _INSTALLER,
    ),
    Code.NOT_LOCALIZED: CatalogueEntry(
        Phrase(
            "Borne non localisée : il faut son adresse MAC et le code d'installation de l'étiquette.",
            "The station is not localized: its MAC and the claim code on its label are needed.",
        ),
        WayOut(
            "Localisez-la sur place, avec son adresse MAC, le code d'installation, la position et le nom.",
            "Localize it at its place, with its MAC, the claim code, its position and its name.",
            command='ctl post /claims \'{{"mac": "MAC", "claim_code": "CODE", "place_id": "PLACE"}}\'',
            route="POST /api/v1/claims",
        ),
        _INSTALLER,
    ),
    Code.NOT_ACTIVATED: CatalogueEntry(
        Phrase(
            "La borne attend son activation par le gestionnaire.",
            "The station waits for the station manager to activate it.",
        ),
        WayOut(
            "Activez-la.",
            "Activate it.",
            command="ctl post /stations/{id}/activation",
            route="POST /api/v1/stations/{id}/activation",
        ),
        _OWNER,
    ),
    Code.CONFIGURING: CatalogueEntry(
        Phrase("Configuration en cours : {step}.", "Being configured: {step}."),
        WayOut("Rien à faire : la borne répond.", "Nothing to do: the station is answering."),
        _STATION,
    ),
    Code.STEP_STUCK: CatalogueEntry(
        Phrase(
            "L'étape « {step} » n'aboutit pas ({reason}); nouvel essai dans {wait} s.",
            "The step {step} does not succeed ({reason}); next try in {wait} s.",
        ),
        WayOut(
            "Consultez le journal des trames de la borne; redémarrez-la si elle reste muette.",
            "Look at the station's wire log; restart the station if it stays silent.",
            page="/stations/{id}",
            command="ctl get /stations/{id}/messages",
            route="GET /api/v1/stations/{id}/messages",
        ),
        _ADMINISTRATOR,
    ),
    Code.NOT_BOOTED: CatalogueEntry(
        Phrase(
            "La borne est en ligne, mais ne s'est pas encore présentée.",
            "The station is online, but has not booted on this connection yet.",
        ),
        WayOut(
            "Rien à faire : elle se présente d'elle-même; si elle tarde, redémarrez-la.",
            "Nothing to do: it boots by itself within its interval; restart it if it takes longer.",
        ),
        _STATION,
    ),
    Code.WAITING_FOR_BOOT: CatalogueEntry(
        Phrase(
            "Tout est configuré; la borne doit se présenter à nouveau.",
            "All is configured; the station has to boot once more.",
        ),
        WayOut(
            "Rien à faire : elle revient à l'intervalle reçu; sinon elle est reconnectée, puis redémarrée.",
            "Nothing to do: it boots within its interval; else it is reconnected, then restarted.",
        ),
        _STATION,
    ),
    Code.BOOT_MISSING: CatalogueEntry(
        Phrase(
            "Tout est configuré, mais la borne ne se présente plus, ni sur demande, ni sur une nouvelle "
            "connexion, ni après une demande de redémarrage.",
            "All is configured, but the station does not boot any more, neither on request nor on a new "
            "connection, nor after it was asked to restart.",
        ),
        WayOut(
            "Coupez l'alimentation de la borne et rétablissez-la.",
            "Switch the station off and on again.",
        ),
        _INSTALLER,
    ),
    Code.STATION_OFFLINE: CatalogueEntry(
        Phrase(
            "La borne est hors ligne; la configuration reprendra à son retour.",
            "The station is offline; its configuration goes on when it is back.",
        ),
        WayOut(
            "Vérifiez l'alimentation et le réseau de la borne; voyez les échecs de connexion.",
            "Check power and network at the station; look at the failed connections.",
            page="/attempts",
            command="doctor {id}",
            route="GET /api/v1/connection-attempts",
        ),
        _INSTALLER,
    ),
    Code.SUSPENDED: CatalogueEntry(
        Phrase("La borne est suspendue : {reason}.", "The station is suspended: {reason}."),
        WayOut(
            "Remettez-la en service.",
            "Resume it.",
            command="ctl post /stations/{id}/resume",
            route="POST /api/v1/stations/{id}/resume",
        ),
        _OWNER,
    ),
}
