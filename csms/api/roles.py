"""Who may do what in the central system: viewers read, managers command, installers try a station out."""

from typing import Annotated

from fastapi import Depends

from runtime.http import Principal, Role, principal, require

ANYONE = Depends(principal)
MANAGER = Depends(require(Role.MANAGER))
INSTALLER = Depends(require(Role.MANAGER, Role.INSTALLER))
ADMINISTRATOR = Depends(require())
Manager = Annotated[Principal, MANAGER]
Installer = Annotated[Principal, INSTALLER]
