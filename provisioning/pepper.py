"""The server's pepper: its file, and the proof that the secrets in the database were sealed with it.

Without that proof a database restored without its pepper would start, refuse every station with 401, and
advise each to correct its password.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection

from csms.domain.audit import Change
from ocppj.vocabulary import StationId
from provisioning.activation.runs import ActivationRun
from provisioning.change_set import ChangeSet
from provisioning.errors import PepperUnreadable, PepperWrong
from provisioning.records import Credential, Device
from provisioning.rules.activation_requests import ActivationRequest, request_activation
from provisioning.storage.changes import write_change
from provisioning.storage.devices import load_devices
from provisioning.storage.pepper import Sealed, count_sealed, load_check, save_check
from provisioning.storage.runs import load_runs
from runtime.audit import Act, record_acts
from runtime.chance import Chance
from runtime.private_file import write_private
from runtime.wording import Phrase, counted

PEPPER_BYTES = 32
UNFIT = "pepper.unfit"
"""Where a pepper that does not fit is put aside: it may be another database's."""
_CHECKED = b"borne: the pepper of this database"


def digest_of(pepper: bytes) -> bytes:
    """What the database keeps of the pepper: enough to know it again, nothing to find it by."""
    return hmac.digest(pepper, _CHECKED, hashlib.sha256)


def trouble_with(connection: Connection, path: Path) -> Phrase | None:
    """What is wrong with the pepper in `path` for the secrets in the database; None where it is right, or
    where nothing is sealed. Raises PepperUnreadable.
    """
    sealed = count_sealed(connection)
    if not sealed:
        return None
    if not path.exists():
        return _lost(sealed, Phrase(f"et {path} n'est pas là", f"and {path} is not there"))
    check = load_check(connection)
    if check is None or hmac.compare_digest(check, digest_of(_read(path))):
        return None
    return _lost(sealed, Phrase(f"et {path} en contient un autre", f"and {path} holds another"))


def settle_pepper(connection: Connection, path: Path, chance: Chance) -> bytes:
    """The pepper in `path`, made on first use, and proved or noted in the database; writes both.

    A database of before the check was kept takes the file that is there. Raises PepperUnreadable, and
    PepperWrong where the database holds secrets of another pepper.
    """
    if trouble := trouble_with(connection, path):
        raise PepperWrong(trouble)
    pepper = load_pepper(path, chance)
    save_check(connection, digest_of(pepper))
    return pepper


def give_up_pepper(connection: Connection, path: Path, activation: ActivationRequest) -> Sealed:
    """Give up the pepper that is lost, and all that was sealed with it; how much that was.

    Every station gives up its secret, and who did it is kept, every label its claim code; those on the way to
    active or there are asked to take a new secret. The caller commits; the file is made by the next
    `settle_pepper`, which finds nothing sealed. Raises PepperWrong where the pepper in `path` is the right
    one.
    """
    sealed = count_sealed(connection)
    if path.exists():
        if trouble_with(connection, path) is None:
            raise PepperWrong(
                Phrase(
                    f"{path} va avec cette base, autant qu'elle sache : rien n'est à refaire. Pour le "
                    f"faire quand "
                    "même, déplacez d'abord ce fichier.",
                    f"{path} fits this database, as far as it knows: nothing has to be made anew. "
                    "To do it all the same, move that file away first.",
                )
            )
        path.rename(path.with_name(UNFIT))
    change = given_up(load_devices(connection), load_runs(connection), activation)
    write_change(connection, change)
    record_acts(connection, change.acts)
    return sealed


def given_up(
    devices: Iterable[Device], runs: Mapping[StationId, ActivationRun], activation: ActivationRequest
) -> ChangeSet:
    """All secrets and claim codes forgotten, and new secrets asked for."""
    change = ChangeSet("the pepper was given up")
    for number, device in enumerate(devices):
        if device.claim_hash is None and device.credential == Credential():
            continue
        forgotten = replace(device, credential=Credential(), claim_hash=None)
        change.put(device, forgotten)
        if device.credential != Credential():
            what = Change.SECRET_FORGOTTEN.value
            change.acts.append(Act(device.station_id, activation.at, activation.by, what))
        if device.requested_at is not None and device.place_id is not None:
            one = replace(activation, run_id=f"{activation.run_id}-{number}")
            request_activation(change, forgotten, runs.get(device.station_id), one)
    return change


def load_pepper(path: Path, chance: Chance) -> bytes:
    """The server's pepper from its file (mode 0600), made on first use. Raises PepperUnreadable."""
    try:
        return _read(path)
    except FileNotFoundError:
        pass
    try:
        write_private(path, chance.secret_bytes(PEPPER_BYTES))
    except OSError as error:
        raise PepperUnreadable(
            Phrase(
                f"On ne peut pas écrire {path} ({error.strerror}) : choisissez un autre dossier.",
                f"{path} cannot be written ({error.strerror}): choose another folder.",
            )
        ) from error
    return _read(path)


def _read(path: Path) -> bytes:
    try:
        pepper = path.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise PepperUnreadable(
            Phrase(
                f"On ne peut pas lire {path} ({error.strerror}) : donnez-en le droit à cet utilisateur.",
                f"{path} cannot be read ({error.strerror}): give this user the right to.",
            )
        ) from error
    if len(pepper) < PEPPER_BYTES:
        raise PepperUnreadable(
            Phrase(
                f"{path} a moins de {PEPPER_BYTES} octets : restaurez-le de la sauvegarde. Sans lui, le "
                "secret de chaque borne et chaque code d'installation sont à refaire.",
                f"{path} is shorter than {PEPPER_BYTES} bytes: restore it from the backup. Without it "
                "every station's secret and every claim code has to be made anew.",
            )
        )
    return pepper


_STATIONS = Phrase("{count} bornes", "{count} stations")
_CODES = Phrase("{count} codes", "{count} claim codes")


def _lost(sealed: Sealed, what: Phrase) -> Phrase:
    secrets = counted(sealed.secrets, Phrase("{count} borne", "{count} station"), _STATIONS)
    codes = counted(sealed.claim_codes, Phrase("{count} code", "{count} claim code"), _CODES)
    return Phrase(
        f"La base de données contient les secrets de {secrets.fr} et {codes.fr} d'installation, tous scellés "
        f"avec un même poivre, {what.fr} : chacune de ces bornes serait refusée. Restaurez le fichier "
        "`pepper` de la sauvegarde d'où vient la base. Est-il perdu pour de bon? `borne new-pepper` en fait "
        "un autre, et chaque borne reçoit un nouveau secret.",
        f"The database holds the secrets of {secrets.en} and {codes.en}, all sealed with one pepper, "
        f"{what.en}: every one of these stations would be refused. Restore the file `pepper` from the backup "
        "that the database came from. Is it lost for good? `borne new-pepper` makes another, and every "
        "station gets a new secret.",
    )
