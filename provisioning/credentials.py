"""Secrets of stations and claim codes: made here, shown once, stored as salted and peppered HMACs.

Machine-made secrets of 130 bits need no slow hash: guessing them is hopeless, and argon2 per
connection would cost minutes of CPU after a power cut. Claim codes are short (40 bits): the pepper
keeps a stolen database useless, the limit on attempts does the rest.
"""

import hashlib
import hmac
import string
from dataclasses import replace
from datetime import datetime

from provisioning.records import Credential, CredentialForm, CredentialState
from runtime.chance import CROCKFORD, Chance
from runtime.wording import Phrase

SECRET_BYTES = 20
"""Length of a station's secret: what OCPP-J 1.6 §6.2 calls a key of 40 hexadecimal digits."""
SECRET_CHARACTERS = "".join(sorted({*string.ascii_letters, *string.digits, *string.punctuation} - {":"}))
"""Printable ASCII only, which leaves 130 bits of chance: stations that take the key's bytes for text, encode
them again or stop at a NUL still send what they were given. A colon would end the user name of Basic auth."""
SHORTEST, LONGEST_V16, LONGEST = 16, 40, 64
"""Lengths of a password; see `unfit_reason`."""
CLAIM_CHARACTERS = 8
SALT_BYTES = 16

_CHECK = CROCKFORD + "*~$=U"
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


class Vault:
    """Hashes and compares with the server's pepper; holds nothing else."""

    def __init__(self, pepper: bytes, chance: Chance) -> None:
        self._pepper = pepper
        self._chance = chance
        self._decoy = self.seal(chance.secret_bytes(SECRET_BYTES))

    def new_secret(self) -> bytes:
        """A secret for a station."""
        return self._chance.letters(SECRET_BYTES, SECRET_CHARACTERS).encode("ascii")

    def new_claim_code(self) -> str:
        """A claim code for a label: eight characters and a check character, `7K3M-Q9XA5`.

        A body whose check character is none of the 32 that are easy to read and type is passed over.
        """
        while True:
            body = self._chance.letters(CLAIM_CHARACTERS)
            check = check_character(body)
            if check in CROCKFORD:
                return f"{body[:4]}-{body[4:]}{check}"

    def seal(self, secret: bytes) -> bytes:
        """What is stored of a secret: a salt, then the HMAC."""
        salt = self._chance.secret_bytes(SALT_BYTES)
        return salt + self._digest(salt, secret)

    def matches(self, sealed: bytes | None, secret: bytes) -> bool:
        """Whether `secret` is the sealed one. Takes the same time when there is nothing to compare with."""
        reference = sealed if sealed is not None else self._decoy
        salt, expected = reference[:SALT_BYTES], reference[SALT_BYTES:]
        is_equal = hmac.compare_digest(self._digest(salt, secret), expected)
        return is_equal and sealed is not None

    def _digest(self, salt: bytes, secret: bytes) -> bytes:
        return hmac.digest(self._pepper, salt + secret, hashlib.sha256)


def read_password(password: bytes) -> tuple[bytes, CredentialForm]:
    """The secret that a password is, and how it is written: bytes, or their 32 to 40 hex digits as text.

    1.6 sets a password by its hex digits and stations send its bytes, or the digits all the same: both are
    one secret. So are the two spellings of a 2.x password that happens to be hexadecimal.
    """
    if SHORTEST <= len(password) // 2 <= SECRET_BYTES and len(password) % 2 == 0:
        try:
            return bytes.fromhex(password.decode("ascii")), CredentialForm.TEXT
        except ValueError:
            pass
    return password, CredentialForm.BYTES


def unfit_reason(password: str, *, is_v16: bool = False) -> Phrase | None:
    """Why no station may have this password; None: it may. The reason does not repeat it.

    A00.FR.205: 16 to 40 characters, in 2.x as many as 64 (errata 2025-09 §2.1); 1.6: 16 to 20 bytes, written
    as 32 to 40 hexadecimal digits, or as text by stations that know no better.
    """
    longest = LONGEST_V16 if is_v16 else LONGEST
    if not SHORTEST <= len(password) <= longest:
        return Phrase(
            f"il faut de {SHORTEST} à {longest} caractères", f"it takes {SHORTEST} to {longest} characters"
        )
    if not password.isprintable():
        return Phrase("il contient un caractère de commande", "it has a control character")
    return None


def offer(credential: Credential, sealed: bytes, form: CredentialForm) -> Credential:
    """A new secret is on its way; what was valid stays valid."""
    return replace(credential, state=CredentialState.OFFERED, form=form, offered=sealed)


def entered(credential: Credential, sealed: bytes, form: CredentialForm) -> Credential:
    """The station has this secret, says somebody: what was valid stays valid until it has come with it."""
    if credential.current is not None:
        return replace(offer(credential, sealed, form), forgotten_at=None)
    return Credential(CredentialState.TOLD, form, sealed)


def prove(credential: Credential, *, is_offered: bool) -> Credential:
    """The station came with the offered secret: from now on nothing else will do. Or with the one before:
    then it has not lost it.
    """
    if is_offered:
        return Credential(CredentialState.VERIFIED, credential.form, credential.offered)
    state = CredentialState.VERIFIED if credential.offered is None else credential.state
    return replace(credential, state=state, forgotten_at=None)


def withdraw(credential: Credential) -> Credential:
    """The station does not seem to take the offered secret: what was valid before still is, and is demanded.

    The offer stays open: a station that comes with it after all is not locked out.
    """
    state = CredentialState.REFUSED if credential.current is None else CredentialState.VERIFIED
    return replace(credential, state=state, forgotten_at=None)


def forget(credential: Credential, at: datetime) -> Credential:
    """The station may have lost its secret: until it has another one, one without it is let in too."""
    if credential.current is None:
        return Credential()
    return replace(credential, state=CredentialState.FORGOTTEN, forgotten_at=at)


def normalise_claim_code(text: str) -> str:
    """A typed claim code in its stored form: upper case, no separators, misread letters put right."""
    return text.upper().replace("-", "").replace(" ", "").translate(_MISREAD)


def is_mistyped(code: str) -> bool:
    """Whether a normalised code has the form of those made here and a check character that does not fit."""
    body, check = code[:CLAIM_CHARACTERS], code[CLAIM_CHARACTERS:]
    has_form = len(code) == CLAIM_CHARACTERS + 1 and set(code) <= set(CROCKFORD)
    return has_form and check != check_character(body)


def check_character(body: str) -> str:
    """Crockford's check character (modulo 37) of a code's body."""
    number = 0
    for character in body:
        number = number * 32 + CROCKFORD.index(character)
    return _CHECK[number % 37]
