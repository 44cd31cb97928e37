"""Who claims a station: by which name, where, and by which rules; REST and the pages ask alike."""

from dataclasses import dataclass

from access.actions import Permission, may_wherever, scope_of
from access.principals import AccessScope, AccountKind, Principal


@dataclass(frozen=True, slots=True)
class Claimant:
    """`needs_installer`: a registered installer, or a person with a job on the site; the team is neither."""

    name: str
    scope: AccessScope
    needs_installer: bool = True
    is_person: bool = False
    """People misread labels: other limits hold for them."""

    @classmethod
    def of(cls, who: Principal) -> "Claimant":
        """Whoever asks, wherever they may claim."""
        return cls(
            who.name,
            scope_of(who, Permission.CLAIM),
            needs_installer=not may_wherever(who, Permission.SET_UP),
            is_person=who.kind is AccountKind.PERSON,
        )
