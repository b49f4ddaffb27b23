"""The search for secrets finds them: otherwise that it found none would prove nothing."""

from __future__ import annotations

import logging

import httpx2
import pytest

from .secretive import ACCESS, CODE, SECRETS, sent_to
from .tattler import leaks, listening, tattler


def _raised(error: Exception, cause: Exception | None = None, context: Exception | None = None) -> Exception:
    error.__cause__, error.__context__ = cause, context
    return error


REQUEST = httpx2.Request("POST", "https://h/", headers={"Authorization": f"Bearer {ACCESS}"})
NOTED = ValueError("x")
NOTED.add_note(CODE)
NAMED = ValueError("x")
NAMED.hidden = {"deep": [CODE.encode()]}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "planted",
    [
        ValueError(CODE),
        _raised(ValueError("x"), cause=ValueError(f"at /rest/1/{CODE}/")),
        _raised(ValueError("x"), context=_raised(ValueError("y"), context=ValueError(CODE.upper()))),
        ExceptionGroup("x", [ValueError(CODE)]),
        NOTED,
        NAMED,
        httpx2.ReadError("x", request=REQUEST),
        httpx2.HTTPStatusError("x", request=REQUEST, response=httpx2.Response(200, headers={"Location": CODE})),
        logging.LogRecord("x", 10, "x", 1, "%s", (CODE,), None),
        logging.LogRecord("x", 10, "x", 1, "x", (), (ValueError, ValueError(CODE), None)),
    ],
)  # fmt: skip
def test_the_search_finds_what_is_hidden(planted: object) -> None:
    assert leaks(planted, SECRETS)


@pytest.mark.anyio
async def test_the_search_would_find_what_a_careless_client_leaves() -> None:
    with listening() as records:
        async with tattler() as server, httpx2.AsyncClient() as careless:
            server.answer(sent_to(b"https://elsewhere.example{target}"))
            await careless.post(f"{server.origin}/rest/1/{CODE}/profile")

    assert leaks(records, SECRETS)
