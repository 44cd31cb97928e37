"""What is told of something, typed and made in one place: pages show it, the API encodes it."""

from pydantic import BaseModel, ConfigDict


class View(BaseModel):
    """A field that was not given is not told; the class describes it in the API's own document too."""

    model_config = ConfigDict(frozen=True)
