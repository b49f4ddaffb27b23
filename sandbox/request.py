"""What an HTTP request asks for: the method, its parameters, and what it is authorised by (facts.md §1.1)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, cast
from urllib.parse import urlsplit

from . import php
from .system_errors import system_error

if TYPE_CHECKING:
    from starlette.requests import Request

MAX_BODY = 8 * 1024 * 1024
"""Longer bodies are refused."""
_MAX_READ = 128 * 1024 * 1024
"""How much of a body that is too long is read and thrown away, so that the sender hears the refusal."""


@dataclass(frozen=True, slots=True)
class Target:
    """What the address of a request names."""

    method: str
    webhook: tuple[str, str] | None = None
    """User id and code, when they are in the address."""


def target(path: str) -> Target:
    """Read the part of the address after `/rest/`. Method names come in lower case, without `.json`.

    What is neither a method alone nor one behind a webhook names none: the rest of it may be a webhook's code.
    """
    *credentials, method = path.strip("/").split("/")
    method = method.removesuffix(".json").lower()
    if len(credentials) == 2:
        return Target(method, (credentials[0], credentials[1]))
    return Target("" if credentials else method)


def is_same_site(request: Request) -> bool:
    """Say whether no other web site's page has sent a request: such must not press the portal's buttons."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


async def read_body(request: Request) -> bytes | None:
    """Give the body of a request; None when it is longer than `MAX_BODY`."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= MAX_BODY:
            chunks.append(chunk)
        elif size > _MAX_READ:
            break
    return b"".join(chunks) if size <= MAX_BODY else None


def parameters(query: bytes, content_type: str, body: bytes | None) -> dict[str, Any]:
    """Read the parameters from the query and the body; the body's values go before the query's.

    A body of another type than JSON or a form is not read, as PHP does not. Raises `Refusal` for what cannot be read.
    """
    if body is None:
        _refuse("Request body is too large")
    try:
        return (php.decode(query.decode()) if query else {}) | _body_parameters(content_type, body)
    except (ValueError, RecursionError) as error:
        _refuse(f"Request cannot be read: {error if isinstance(error, php.Malformed) else 'malformed'}")


def _body_parameters(content_type: str, body: bytes) -> dict[str, Any]:
    kind = content_type.partition(";")[0].strip().lower()
    if body and kind == "application/json":
        return _json(body)
    if kind == "application/x-www-form-urlencoded":
        return php.decode(body.decode())
    if kind == "multipart/form-data":
        return _multipart(content_type, body)
    return {}


def _refuse(text: str) -> NoReturn:
    raise system_error("INVALID_REQUEST", text)


def _json(body: bytes) -> dict[str, Any]:
    text = body.decode()
    value: object = json.loads(text, parse_constant=_no_number, parse_float=_finite)
    if text.count("[") + text.count("{") > php.MAX_DEPTH and _depth(value) > php.MAX_DEPTH:
        raise php.Malformed("nested too deeply")
    if "\\ud" in text or "\\uD" in text:
        json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is not text
    if not isinstance(value, dict) and value != []:
        raise php.Malformed("the JSON is not an object")
    return cast("dict[str, Any]", value or {})


def _no_number(literal: str) -> NoReturn:
    raise php.Malformed(f"{literal} is not JSON")


def _finite(literal: str) -> float:
    number = float(literal)
    if number in (float("inf"), float("-inf")):
        raise php.Malformed("a number is too large")
    return number


def _depth(value: object) -> int:
    levels, nodes = 0, [value]
    while nodes := [child for node in nodes for child in _children(node)]:
        levels += 1
    return levels


def _children(node: object) -> list[object]:
    if isinstance(node, dict):
        return list(cast("dict[str, object]", node).values())
    return cast("list[object]", node) if isinstance(node, list) else []


def _multipart(content_type: str, body: bytes) -> dict[str, Any]:
    from email.parser import BytesParser
    from email.policy import HTTP

    body.decode()
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    fields: list[tuple[str, str]] = []
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes) and part.get_filename() is None:
            fields.append((name, content.decode()))
    return php.nest(fields)
