"""What people read while a scenario runs, in English and in the French of Canada."""

from runtime.wording import typeset
from simulator.scenario.values import Language
from simulator.scenario.verdicts import Verdict

_TEXTS: dict[str, tuple[str, str]] = {
    # Titles of steps that have none of their own
    "connect": ("Connect", "Se connecter"),
    "disconnect": ("Cut the network", "Couper le réseau"),
    "reconnect": ("Bring the network back", "Rétablir le réseau"),
    "power_cut": ("Cut the power and give it back", "Couper le courant, puis le rétablir"),
    "plug": ("Plug the cable into connector {connector}", "Brancher le câble au connecteur {connector}"),
    "unplug": (
        "Pull the cable out of connector {connector}",
        "Débrancher le câble du connecteur {connector}",
    ),
    "present": ("Present the token {token}", "Présenter le jeton {token}"),
    "fault": ("Break connector {connector} ({code})", "Mettre le connecteur {connector} en panne ({code})"),
    "clear_fault": ("Repair connector {connector}", "Réparer le connecteur {connector}"),
    "prompt": ("{prompt}", "{prompt}"),
    "send": ("Send {frame}", "Envoyer {frame}"),
    "raw_frame": ("a raw frame", "une trame brute"),
    "reply": ("Answer {action} with {reply}", "Répondre à {action} par {reply}"),
    "no_reply": ("nothing", "rien"),
    "expect": ("Expect {wanted}", "Attendre {wanted}"),
    "never": ("See that {wanted} does not come", "Vérifier que {wanted} ne vient pas"),
    "status": ("Status of {place}: {status}", "État de {place} : {status}"),
    "ask": ("Ask {request}", "Demander {request}"),
    "command": ("Command {command}", "Commande {command}"),
    "call": ("Call {action}", "Appel {action}"),
    "allow": ("Let the token {token} charge", "Autoriser le jeton {token}"),
    "mark": ("Note “{text}” beside the frames", "Noter « {text} » à côté des trames"),
    "check": ("Check {value}", "Vérifier {value}"),
    "wait": ("Wait {seconds}", "Attendre {seconds}"),
    "steps": ("Steps", "Étapes"),
    "every_connector": ("every connector", "tous les connecteurs"),
    "one_connector": ("connector {connector}", "connecteur {connector}"),
    # What a person is asked to do
    "do_plug": (
        "Plug the cable into connector {connector}, then press Enter.",
        "Branchez le câble au connecteur {connector}, puis appuyez sur Entrée.",
    ),
    "do_unplug": (
        "Pull the cable out of connector {connector}, then press Enter.",
        "Débranchez le câble du connecteur {connector}, puis appuyez sur Entrée.",
    ),
    "do_present": (
        "Present the token {token} at the reader, then press Enter.",
        "Présentez le jeton {token} au lecteur, puis appuyez sur Entrée.",
    ),
    "do_switch_on": (
        "Switch the station on; it must connect as {station}. Then press Enter.",
        "Mettez la borne sous tension; elle doit se connecter sous {station}. Puis appuyez sur Entrée.",
    ),
    "do_restart": (
        "Switch the station off and on again, then press Enter.",
        "Mettez la borne hors tension, puis sous tension, et appuyez sur Entrée.",
    ),
    "do_disconnect": (
        "Take the station off its network, then press Enter.",
        "Débranchez la borne de son réseau, puis appuyez sur Entrée.",
    ),
    "do_reconnect": (
        "Bring the station's network back, then press Enter.",
        "Rétablissez le réseau de la borne, puis appuyez sur Entrée.",
    ),
    "do_operate": (
        "Have the central system send {command} to {station}, with {arguments}; then press Enter.",
        "Faites envoyer {command} à {station}, avec {arguments}, puis appuyez sur Entrée.",
    ),
    "do_prompt": ("{text} Then press Enter.", "{text} Puis appuyez sur Entrée."),
    "seen": ("done: the central system has seen it", "fait : le système central l'a vu"),
    "token_started": ("the charge begins", "la recharge commence"),
    "token_stopped": ("the charge ends", "la recharge se termine"),
    "token_authorized": ("authorized; plug in", "autorisé; branchez le câble"),
    "token_refused": ("refused", "refusé"),
    # Why a step did not pass
    "bench_turned_away": (
        "The central system did not let the station in: {problem}",
        "Le système central n'a pas admis la borne : {problem}",
    ),
    "bench_let_in": (
        "The central system let in a station that it must turn away.",
        "Le système central a admis une borne qu'il doit refuser.",
    ),
    "not_answered": ("No answer came within {within}.", "Aucune réponse n'est venue en {within}."),
    "no_tool_end": (
        "only where the program itself is one end of the wire (borne conform)",
        "seulement là où le programme est lui-même un bout du fil (borne conform)",
    ),
    "not_in_time": ("Nothing fitting came within {within}.", "Rien de tel n'est arrivé en {within}."),
    "came_instead": ("nearest: {seen}", "le plus proche : {seen}"),
    "nothing_came": (
        "nothing at all came from the station since the last action",
        "rien n'est venu de la borne depuis la dernière action",
    ),
    "others_came": ("what came: {seen}", "reçu : {seen}"),
    "look_at_wire": (
        "Look at the station's messages (console, or borne ctl) for what it sent instead.",
        "Voyez dans les messages de la borne (console ou borne ctl) ce qu'elle a envoyé.",
    ),
    "came_after_all": ("It came: {seen}", "C'est arrivé : {seen}"),
    "not_connected": (
        "The station did not connect within {within}.",
        "La borne ne s'est pas connectée en {within}.",
    ),
    "check_url": (
        "Check its power, its network, and the URL typed into it: {url}. See also: borne ctl attempts.",
        "Vérifiez l'alimentation, le réseau et l'URL saisie : {url}. Tentatives : borne ctl attempts.",
    ),
    "still_connected": (
        "The station is still connected after {within}.",
        "La borne est encore connectée après {within}.",
    ),
    "no_boot_after": (
        "The station did not start again within {within}.",
        "La borne n'a pas redémarré en {within}.",
    ),
    "wrong_status": (
        "Not every connector had that status within {within}.",
        "Les connecteurs n'ont pas tous eu cet état en {within}.",
    ),
    "no_connector": (
        "The station has told the status of no connector.",
        "La borne n'a donné l'état d'aucun connecteur.",
    ),
    "status_is": ("connector {place}: {status}", "connecteur {place} : {status}"),
    "status_untold": ("never told", "jamais donné"),
    "look_at_connector": (
        "Look at the connector: a cable left in, a fault, or opening hours can be the reason.",
        "Voyez le connecteur : câble resté branché, panne ou heures d'ouverture peuvent l'expliquer.",
    ),
    "is_otherwise": ("{value} is not as it must be.", "{value} n'est pas conforme."),
    "answered_otherwise": ("The answer is not as it must be.", "La réponse n'est pas conforme."),
    "refused": ("The central system refused: {problem}", "Le système central a refusé : {problem}"),
    "not_refused": (
        "The central system did not refuse it.",
        "Le système central ne l'a pas refusé.",
    ),
    "station_refused": (
        "The station did not agree: {outcome}.",
        "La borne n'a pas accepté : {outcome}.",
    ),
    "command_open": (
        "How the command ended is not known: {outcome}.",
        "On ignore comment la commande s'est terminée : {outcome}.",
    ),
    "api_gone": ("The central system cannot be asked: {problem}", "Système central injoignable : {problem}"),
    "not_possible": ("That could not be done: {problem}", "Cela n'a pas pu être fait : {problem}"),
    "nobody_did": (
        "Nobody did it, as far as can be seen, within {within}: “{text}”",
        "Personne ne l'a fait, pour autant qu'on le voie, en {within} : « {text} »",
    ),
    "nobody_there": (
        "Nobody is there to be asked (the input is no terminal), and nothing seen in {within}: “{text}”",
        "Personne à qui le demander (l'entrée n'est pas un terminal), et rien vu en {within} : « {text} »",
    ),
    "rig_failed": (
        "The rig did not do {hand}: {problem}.",
        "Le banc n'a pas fait {hand} : {problem}.",
    ),
    "no_hand": (
        "A simulated station has nobody to ask.",
        "Une borne simulée n'a personne à qui le demander.",
    ),
    "no_value": (
        "${{{name}}} has no value: the step that captures it was not done.",
        "${{{name}}} n'a pas de valeur : l'étape qui la saisit n'a pas été faite.",
    ),
    "nothing_to_capture": ("There is no {path} to capture.", "Il n'y a pas de {path} à saisir."),
    "bad_value": ("A value cannot be used here: {problem}", "Une valeur est inutilisable ici : {problem}"),
    "interrupted": ("It was interrupted.", "Elle a été interrompue."),
    "took_too_long": (
        "These steps took longer than {within}.",
        "Ces étapes ont pris plus de {within}.",
    ),
    "kept": (
        "What was seen on the wire is in {folder}.",
        "Ce qui a été vu sur le fil est dans {folder}.",
    ),
    "certified": (
        "The certificate is in {file}, its frames and its page beside it.",
        "Le certificat est dans {file}, ses trames et sa page à côté.",
    ),
    "kept_log": (
        "What was seen on the wire, and the server's log, are in {folder}.",
        "Ce qui a été vu sur le fil et le journal du serveur sont dans {folder}.",
    ),
    "not_when": ("Only where it is {wanted}; it is {value}.", "Seulement si c'est {wanted} ; c'est {value}."),
    "not_here": ("Only for {scopes}.", "Seulement pour {scopes}."),
    "no_body": ("It says nothing for OCPP {version}.", "Rien n'est dit pour OCPP {version}."),
    "no_markers": (
        "The central system has no API to note it with.",
        "Le système central n'a pas d'API où le noter.",
    ),
    # Why a scenario does not apply
    "no_version": ("It is for OCPP {versions}.", "Il est pour OCPP {versions}."),
    "no_wire": (
        "Role {role} must be simulated: bind it to sim:<template>.",
        "Le rôle {role} doit être simulé : liez-le à sim:<modèle>.",
    ),
    "needs_simulation": (
        "Step {step} ({title}) can only be done by a simulated station.",
        "L'étape {step} ({title}) demande une borne simulée.",
    ),
    "needs_api": (
        "Step {step} ({title}) asks the central system; give its API with BORNE_API and BORNE_TOKEN.",
        "L'étape {step} ({title}) interroge le système central; donnez BORNE_API et BORNE_TOKEN.",
    ),
    "lacks_role": (
        "Nothing was begun: {who} is {role} on the central system, and may not do step {steps}.",
        "Rien n'a commencé : {who} a le rôle {role} au système central, et ne peut faire l'étape {steps}.",
    ),
    "lacks_roles": (
        "Nothing was begun: {who} is {role} on the central system, and may not do steps {steps}.",
        "Rien n'a commencé : {who} a le rôle {role} au système central, et ne peut faire les étapes {steps}.",
    ),
    "role_of_step": ("{request} needs the role {roles}.", "{request} demande le rôle {roles}."),
    "take_a_role": (
        "Give BORNE_TOKEN a token of that role: an administrator makes one with borne ctl program NAME ROLE.",
        "Donnez à BORNE_TOKEN un jeton de ce rôle : borne ctl program NOM RÔLE en crée un.",
    ),
    "or": (" or ", " ou "),
    # The report
    "expected": ("expected", "attendu"),
    "found": ("found", "trouvé"),
    "to_do": ("what to do", "que faire"),
    "not_asked": ("not asked", "non demandé"),
    "turn": ("turn {turn} of {turns}", "tour {turn} de {turns}"),
    "in_seconds": ("{seconds} s", "{seconds} s"),
    "seed": ("seed {seed}", "graine {seed}"),
    "uses": ("Central system: {url}", "Système central : {url}"),
    "foreign": (
        "Central system: {url} (what asks its API does not apply: BORNE_API is not set)",
        "Système central : {url} (BORNE_API n'est pas défini : rien ne lui est demandé par son API)",
    ),
    "own_server": (
        "No server of yours runs here: one was started for the occasion.",
        "Aucun de vos serveurs ne tourne ici : un serveur a été démarré pour l'occasion.",
    ),
}

_VERDICTS = {
    Verdict.PASSED: ("passed", "réussi"),
    Verdict.FAILED: ("failed", "échoué"),
    Verdict.NOT_APPLICABLE: ("not applicable", "sans objet"),
    Verdict.INCONCLUSIVE: ("inconclusive", "non concluant"),
}


class RunTexts:
    """The texts of one language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._index = 1 if language == "fr" else 0

    def text(self, key: str, **fields: object) -> str:
        """A text with its fields filled in. Raises KeyError for a key that nobody wrote."""
        text = _TEXTS[key][self._index]
        return (typeset(text) if self._index else text).format(**fields)

    def verdict(self, verdict: Verdict | None) -> str:
        """A verdict; None is what was not asked."""
        return self.text("not_asked") if verdict is None else _VERDICTS[verdict][self._index]

    def seconds(self, seconds: float) -> str:
        """A duration: French has a decimal comma."""
        text = f"{seconds:.1f}" if seconds < 10 and seconds != int(seconds) else f"{seconds:.0f}"
        return self.text("in_seconds", seconds=text.replace(".", ",") if self._index else text)


def texts() -> dict[str, tuple[str, str]]:
    """Every text in both languages, for whoever checks them."""
    return dict(_TEXTS)
