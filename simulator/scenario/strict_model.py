"""What parts of scenario files are made of, and the answer that a file prepares for the tool."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from simulator.scenario.values import Word


class StrictModel(BaseModel):
    """A typing error never passes for a default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PreparedReply(StrictModel):
    """`payload` stands over what is answered else; `error` is a CALLERROR; `silent`: no answer at all."""

    action: Word
    payload: dict[str, Any] = {}
    error: Word | None = None
    silent: bool = False
    times: Annotated[int, Field(ge=1)] | None = None
