"""Every documented error of every method, as the model reads it: what, what was not done, again or not, what next."""

from __future__ import annotations

import re

import pytest
from bitrix24_commerce.tools import OPERATIONS
from inline_snapshot import external_file

from ..server.clients import client_of, failure_of
from ..server.scripted_portal import CODE, error
from .documented import EXAMPLES, TOOLS, arguments_of, documented_portal
from .documented_errors import Error, errors_of

pytestmark = pytest.mark.anyio

FOUR_PARTS = re.compile(
    r"(?P<what>.+?[.!?]) (?P<undone>Nothing was (?:changed|read)\.)"
    r" (?P<again>The same call again will fail again\.|Trying again later can help\.)"
    r" Next: (?P<next>[A-Z].{10,}\.)"
)


async def texts_of(method: str, errors: list[Error]) -> list[str]:
    """What a model reads of each of these errors of a method, one after the other from the same server."""
    portal = documented_portal()
    async with portal.serve(), client_of(portal.webhook_url) as client:
        texts: list[str] = []
        for code, description in errors:
            portal.script[method] = error(code, description)
            texts.append(failure_of(await client.call_tool(TOOLS[method], arguments_of(method))))
    return texts


@pytest.mark.parametrize("method", EXAMPLES)
async def test_each_has_four_parts(method: str):
    errors = errors_of(method)
    writes = OPERATIONS[TOOLS[method]].declaration.effect.writes
    for (code, description), text in zip(errors, await texts_of(method, errors), strict=True):
        parts = FOUR_PARTS.fullmatch(text)
        assert parts, text
        assert parts["what"].startswith(f"{code}: " if code != "" else "ERROR: ")
        assert description in text
        assert parts["undone"] == ("Nothing was changed." if writes else "Nothing was read.")
        assert "Traceback" not in text
        assert "Error executing" not in text


@pytest.mark.parametrize("method", EXAMPLES)
def test_no_documented_code_is_left_out(method: str):
    printed = {text for text in EXAMPLES[method]["error_codes"] if re.fullmatch(r"[A-Z_]{5,}|\d+", text)}
    assert printed <= {str(code) for code, _ in errors_of(method)}


async def test_how_they_read():
    lines: list[str] = []
    for method in EXAMPLES:
        lines += [f"{method}", *(f"  {text}" for text in await texts_of(method, errors_of(method)))]
    assert "\n".join([*lines, ""]) == external_file("documented_errors.txt")


@pytest.mark.parametrize("method", ["crm.item.payment.pay", "crm.item.payment.get"])
async def test_a_portal_that_repeats_the_secret_does_not_get_it_to_the_model(method: str):
    (text,) = await texts_of(method, [(f"BAD_{CODE}", f"no method at /rest/1/{CODE}/{method}")])
    assert CODE not in text
    assert text.startswith(f"BAD_…: no method at /rest/1/…/{method}.")
