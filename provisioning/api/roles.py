"""Who may call a route. An administrator may call all of them."""

from typing import Annotated

from fastapi import Depends

from access.guard import everybody, require
from access.principals import Principal, Role

ANYONE = Depends(everybody)
MANAGER = Depends(require(Role.MANAGER))
ADMINISTRATOR = Depends(require())
Manager = Annotated[Principal, MANAGER]
InstallerOrManager = Annotated[Principal, Depends(require(Role.INSTALLER, Role.MANAGER))]
"""An owner may be certified too (provisioning R27): the register of installers says who may claim."""
Administrator = Annotated[Principal, ADMINISTRATOR]
