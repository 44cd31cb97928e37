"""What `borne run --certificate` asks for: one run of one station, and the key that signs."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path

from borne.certificate.certifier import CertificateWish, RunCertifier
from borne.certificate.local_issuer import issuer_keys
from borne.settings import ServerSettings
from provisioning.issuer import ISSUER_KEY
from runtime.chance import Chance
from runtime.clock import Clock
from simulator.scenario.bindings import Binding
from simulator.scenario.document import Scenario
from simulator.scenario.errors import BindingError
from simulator.scenario.values import Language

RUN_ID_BYTES = 12
BY = ("GITHUB_ACTOR", "GITLAB_USER_LOGIN", "USER", "LOGNAME", "USERNAME")
"""Who it is that runs this, the first that is set: in CI whoever caused it."""


def certifier_of(
    file: Path,
    signing_key: Path | None,
    plans: Sequence[tuple[Scenario, Mapping[str, Binding], object]],
    language: Language,
    *,
    clock: Clock,
    chance: Chance,
) -> RunCertifier:
    """Whoever certifies the run. Raises BindingError where it is not one run of one station."""
    if len(plans) != 1 or len(plans[0][1]) != 1:
        raise BindingError("--certificate is of one run of one station: name one scenario, bind one role")
    wish = CertificateWish(
        file=file,
        run_id=chance.token(RUN_ID_BYTES),
        program=f"borne {metadata.version('borne')}",
        scenario=scenario_version(plans[0][0]),
        by=next((os.environ[name] for name in BY if os.environ.get(name)), None),
        language=language,
    )
    key = signing_key if signing_key is not None else ServerSettings().var / ISSUER_KEY
    return RunCertifier(wish, issuer_keys(key, chance), clock)


def scenario_version(scenario: Scenario) -> str:
    """Its name, and the hash of all that it asks for."""
    content = scenario.model_dump_json(by_alias=True).encode()
    return f"{scenario.scenario} sha256:{hashlib.sha256(content).hexdigest()}"
