"""What labels say, and what a phone and the server must both read of it."""

LABELS = [
    ("https://b.example/install/claim?mac=00:24:B1:02:9F:81&code=7S9R-K7N99", "0024B1029F81", "7S9R-K7N99"),
    ("https://maker.example/c?MODEL=22&mac=0024b1029f81", "0024B1029F81", None),
    ("0024B1029F81", "0024B1029F81", None),
    ("0024:B100:0002:9F81", "0024B10000029F81", None),
    ("00-24-b1-02-9f-81", "0024B1029F81", None),
    ("0024.b102.9f81", "0024B1029F81", None),
    ("MAC 00:24:B1:02:9F:81\n7S9R-K7N99", "0024B1029F81", "7S9R-K7N99"),
    ("00:24:B1:02:9F:81 7S9R-K7N99", "0024B1029F81", "7S9R-K7N99"),
    ("https://maker.example/manual", None, None),
    ("hello", None, None),
]
"""Text of a code, MAC without separators, claim code."""
