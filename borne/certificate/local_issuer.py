"""The issuer of certificates on this machine."""

import socket
from pathlib import Path

from provisioning.issuer import IssuerKeys
from runtime.chance import Chance


def issuer_keys(path: Path, chance: Chance) -> IssuerKeys:
    """By the key in that file; the machine's name is the issuer's until a rotation gives it another."""
    return IssuerKeys(path, f"borne, {socket.gethostname()}", chance)
