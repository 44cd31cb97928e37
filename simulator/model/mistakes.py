"""What the central system gets wrong, told so that it can be found: which frame, which field, which rule."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """Something that the specification does not allow a central system.

    `frame` is its number among the station's frames, `path` the field in the payload (`$.idTagInfo.status`)
    and `rule` the word of the schema that it breaks (`enum`, `required`); empty where no field is at fault.
    """

    what: str
    detail: str
    frame: int
    action: str | None = None
    message_id: str | None = None
    path: str = ""
    rule: str = ""

    @property
    def text(self) -> str:
        """One sentence for a person."""
        rule = f" (rule: {self.rule})" if self.rule else ""
        return f"The central system's {self.what}, frame {self.frame}: {self.detail}{rule}"
