"""What is told of something, typed and made in one place: pages show it, the API encodes it."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

InstantText = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""An instant as `runtime.texts.instant_text` writes it."""


class View(BaseModel):
    """A field that was not given is not told; the class describes it in the API's own document too."""

    model_config = ConfigDict(frozen=True)
