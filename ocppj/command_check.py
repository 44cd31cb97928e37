"""Whether a version can say a command at all: what it lacks, and what its schema refuses.

Nothing is cut or dropped to make a command fit: it is refused before the wire, with the field's name.
"""

import re

from ocppj.codec import codec_for
from ocppj.errors import InvalidMessageError
from ocppj.model.command import Command
from ocppj.translation import translation_for
from ocppj.versions import OcppVersion

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")


def refusal(version: OcppVersion, command: Command) -> str | None:
    """Why the version cannot be asked this; None: it can."""
    translation = translation_for(version)
    known = translation.refusal(command)
    if known is not None:
        return known
    codec = codec_for(version)
    for call in translation.calls(command):
        try:
            codec.encode_request(call.action, call.payload)
        except InvalidMessageError as error:
            wire_name = (_NAME.findall(error.path) or [call.action])[-1]
            detail = str(error).removeprefix(f"{error.action}: {error.path}: ")
            return f"OCPP {version.label} cannot say {translation.our_name(command, wire_name)}: {detail}"
    return None
