"""What a field must be, in both languages: pydantic's rules, and ours, which bring their own words.

A rule of ours is a `ValueError(Phrase(…))` in a validator.
"""

from collections.abc import Mapping
from typing import Any

from runtime.wording import Phrase, typeset

ID_PATTERN = r"^[a-z0-9][a-z0-9\-]*$"
"""Of ids that people choose."""
NAME_PATTERN = r"^[^\x00-\x1f\x7f/]+$"
"""Of logins, and of programs' names: they stand in paths."""
_BY_PATTERN = {
    ID_PATTERN: Phrase("lettres minuscules, chiffres et traits d'union", "small letters, digits and hyphens"),
    NAME_PATTERN: Phrase("une ligne sans barre oblique", "one line without a slash"),
}
HIDDEN_TEXT = "Value"
"""What pydantic calls a secret text, of which it counts *items*."""
_OF_SECRETS = {
    "too_short": Phrase("doit compter au moins {min_length} caractères", "at least {min_length} characters"),
    "too_long": Phrase("doit compter au plus {max_length} caractères", "at most {max_length} characters"),
}
_WHOLE = typeset("doit être un nombre entier")
_NUMBER = typeset("doit être un nombre")
_SWITCH = typeset("doit être `true` ou `false`")
_OBJECT = typeset("doit être un objet JSON")
_CHOICE = typeset("doit être {expected}")
_INSTANT = typeset("doit être un instant avec son fuseau, tel que 2026-05-01T00:00:00-04:00")
_TIME = typeset("doit être une heure, telle que 08:00")
_FRENCH: dict[str, str] = {
    "missing": typeset("est requis"),
    "string_type": typeset("doit être un texte"),
    "string_too_short": typeset("doit compter au moins {min_length} caractères"),
    "string_too_long": typeset("doit compter au plus {max_length} caractères"),
    "string_pattern_mismatch": typeset("doit suivre le motif {pattern}"),
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": typeset("doit être un nombre fini"),
    "bool_type": _SWITCH,
    "bool_parsing": _SWITCH,
    "list_type": typeset("doit être une liste"),
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "json_invalid": typeset("n'est pas du JSON"),
    "enum": _CHOICE,
    "literal_error": _CHOICE,
    "too_short": typeset("doit compter au moins {min_length} éléments"),
    "too_long": typeset("doit compter au plus {max_length} éléments"),
    "greater_than": typeset("doit être plus grand que {gt}"),
    "greater_than_equal": typeset("doit être au moins {ge}"),
    "less_than": typeset("doit être plus petit que {lt}"),
    "less_than_equal": typeset("doit être au plus {le}"),
    "datetime_type": _INSTANT,
    "datetime_parsing": _INSTANT,
    "datetime_from_date_parsing": _INSTANT,
    "timezone_aware": _INSTANT,
    "time_type": _TIME,
    "time_parsing": _TIME,
}
"""What pydantic says in English, by its name for it."""


def rule_words(item: Mapping[str, Any]) -> Phrase:
    """What is wrong with a field, of one of pydantic's errors; its own words where nobody wrote French."""
    told = dict(item.get("ctx") or {})
    reason = getattr(told.get("error"), "args", ())
    if reason and isinstance(reason[0], Phrase):
        return reason[0]
    if told.get("pattern") in _BY_PATTERN:
        return _BY_PATTERN[told["pattern"]]
    if told.get("field_type") == HIDDEN_TEXT and item["type"] in _OF_SECRETS:
        return _OF_SECRETS[item["type"]].filled(told)
    english = str(item["msg"]).removeprefix("Value error, ")
    french = _FRENCH.get(item["type"])
    if french is None:
        return Phrase("{rule}", "{rule}").filled({"rule": english})
    if "expected" in told:
        told["expected"] = str(told["expected"]).replace(" or ", " ou ")
    return Phrase("{fr}", "{en}").filled({"fr": french.format_map(told), "en": english})
