"""Pictures made of nothing: so many white pixels."""

from io import BytesIO

from PIL import Image


def picture_file(width: int = 60, height: int = 40, kind: str = "PNG") -> bytes:
    """A file of this kind."""
    made = BytesIO()
    Image.new("RGB", (width, height), "white").save(made, kind)
    return made.getvalue()
