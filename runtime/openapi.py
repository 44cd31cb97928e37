"""The API's own document: what each route answers, who may ask, and what it does in a sentence."""

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from pydantic import TypeAdapter

from runtime.logins import SESSION_COOKIE

REF = "#/components/schemas/{model}"
SECURITY_SCHEMES: dict[str, Any] = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "A program's token; the first is in var/token.",
    },
    "session": {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE, "description": "Of /login."},
}


def describe(app: FastAPI, answers: Mapping[str, Any], public: frozenset[str]) -> None:
    """Say in the document of `app` what each route of `answers` (`METHOD /path`) answers when all is well,
    that all paths but the `public` ones need a token or a session, and what each does.
    """
    generate = app.openapi
    described: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not described:
            document = generate()
            schemas = document["components"]["schemas"]
            document["components"]["securitySchemes"] = SECURITY_SCHEMES
            for route, operation in operations(document):
                operation["summary"] = first_sentence(operation.get("description", ""))
                is_public = route.partition(" ")[2] in public
                operation["security"] = [] if is_public else [{name: []} for name in SECURITY_SCHEMES]
                answer = answers.get(route) or _by_beginning(answers, route)
                if answer is not None:
                    _type(operation, answer, schemas)
            described.update(document)
        return described

    app.openapi = openapi  # type: ignore[method-assign] # FastAPI's documented way


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every operation, by `METHOD /path`."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def first_sentence(text: str) -> str:
    """What stands before the first full stop at the end of a line or before a blank."""
    flat = " ".join(text.split())
    return flat.partition(". ")[0].rstrip(".")


def _by_beginning(answers: Mapping[str, Any], route: str) -> Any:
    """The answer of a group of routes, which ends in `*`."""
    return next(
        (each for name, each in answers.items() if name.endswith("*") and route.startswith(name[:-1])), None
    )


def _type(operation: dict[str, Any], answer: Any, schemas: dict[str, Any]) -> None:
    schema = TypeAdapter(answer).json_schema(ref_template=REF)
    schemas.update(schema.pop("$defs", {}))
    if "$ref" not in schema and "title" in schema:
        schemas[schema["title"]] = schema
        schema = {"$ref": REF.format(model=schema["title"])}
    for code, response in operation["responses"].items():
        if code.startswith("2"):
            others = response.get("content", {})  # such as lines of JSON, where somebody asks for them
            response["content"] = others | {"application/json": {"schema": schema}}
