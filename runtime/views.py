"""What is told of something, typed and made in one place: pages show it, the API encodes it."""

from functools import cache
from types import NoneType
from typing import Annotated, Any, Union, get_args

import msgspec
from msgspec import UNSET, UnsetType
from pydantic import BaseModel, Field, GetCoreSchemaHandler, create_model
from pydantic_core import CoreSchema, core_schema

InstantText = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""An instant as `runtime.texts.instant_text` writes it."""


class View(msgspec.Struct, frozen=True):
    """A field that is UNSET is not told. The class describes it in the API's own document too.

    A view is made by us, of values that have their types already: nothing checks them again. Thousands are
    made for a list; a pydantic model of as many fields costs five times as much.
    """

    @classmethod
    def __get_pydantic_core_schema__(cls, _: type, handler: GetCoreSchemaHandler) -> CoreSchema:
        """For FastAPI: it describes the model, and encodes the view as it is."""
        return core_schema.no_info_wrap_validator_function(
            lambda view, _: view,
            handler.generate_schema(_model(cls)),
            serialization=core_schema.plain_serializer_function_ser_schema(_builtins),
        )


def plain(value: object) -> object:
    """What a view holds of a file, such as a product's, as JSON values."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise NotImplementedError(f"{type(value).__name__} is no JSON")


def _builtins(view: View) -> Any:
    return msgspec.to_builtins(view, enc_hook=plain)


@cache
def _model(view: type[View]) -> type[BaseModel]:
    """What has the view's name, words and fields, for the document."""
    fields: dict[str, Any] = {
        each.encode_name: (_without_unset(each.type), _default(each)) for each in msgspec.structs.fields(view)
    }
    return create_model(view.__name__, __doc__=view.__doc__, __module__=view.__module__, **fields)


def _without_unset(kind: Any) -> Any:
    parts = get_args(kind)
    return Union[tuple(each for each in parts if each is not UnsetType)] if UnsetType in parts else kind  # noqa: UP007 - made of what is there


def _default(field: msgspec.structs.FieldInfo) -> Any:
    """Ellipsis where the field is always given."""
    if field.default is not UNSET:
        return ... if field.default is msgspec.NODEFAULT else field.default
    return None if NoneType in get_args(field.type) else Field(default_factory=NoneType)
