"""Nothing that can be printed shows a secret: no object of the client, and no complaint about what it was given."""

from __future__ import annotations

import gc
from pathlib import Path
from types import ModuleType

import pytest
from bitrix24_commerce.rest import InvalidAddress, Webhook, origin_of
from bitrix24_commerce.rest.tokens import Tokens, UnreadableTokens

from .secretive import ACCESS, CODE, READ, SECRETS, Make, either, http, open_portal
from .tattler import leaks


@pytest.mark.anyio
@either
async def test_no_object_of_the_client_shows_a_secret(make: Make, tmp_path: Path) -> None:
    async with open_portal(make, tmp_path) as (portal, server, _):
        server.answer(http("200 OK", b'{"result": []}'))
        await portal.call(*READ)

        shown = [each for each in _reachable(portal) if type(each).__module__.startswith("bitrix24_commerce.rest")]

        assert {type(each).__name__ for each in shown} >= {"Portal", "Connection", "AuthorizingTransport"}
        assert {type(each).__name__ for each in shown} & {"Webhook", "Tokens"}
        for each in shown:
            assert leaks([f"{each!r}", f"{each!s}"], SECRETS) == []


def _reachable(start: object) -> list[object]:
    """All objects that hang together with one, modules and classes aside."""
    found: dict[int, object] = {}
    queue: list[object] = [start]
    while queue:
        each = queue.pop()
        if id(each) not in found and not isinstance(each, type | ModuleType):
            found[id(each)] = each
            if type(each).__module__.partition(".")[0] in ("bitrix24_commerce", "httpx2", "builtins"):
                queue += gc.get_referents(each)
    return list(found.values())


@pytest.mark.parametrize(
    "address",
    [
        f"http://example.bitrix24.com/rest/1/{CODE}/",
        f"https://example.bitrix24.com:{CODE}/rest/1/x/",
        f"https://[{CODE}/rest/1/{CODE}/",
        f"https://{CODE}\u2100/rest/1/{CODE}/",
        f"https://example.bitrix24.com/rest/one/{CODE}/",
        f"https://user:{CODE}@example.bitrix24.com/rest/1/{CODE}/",
        f"ftp://example.bitrix24.com/rest/1/{CODE}/",
        f"https://example.bitrix24.com/rest/1/{CODE}/?x={CODE}",
        CODE,
    ],
)
def test_an_address_that_cannot_be_used(address: str) -> None:
    with pytest.raises(InvalidAddress) as caught:
        Webhook.parse(address)
    assert leaks(caught.value, SECRETS) == []


@pytest.mark.parametrize(
    "address", [f"https://[{CODE}", f"https://h:{CODE}/", f"http://{CODE}/", f"https://u:{CODE}@h/"]
)
def test_an_origin_that_cannot_be_used(address: str) -> None:
    with pytest.raises(InvalidAddress) as caught:
        origin_of(address)
    assert leaks(caught.value, SECRETS) == []


@pytest.mark.parametrize(
    "text", [f'{{"access_token": "{ACCESS}"', f'{{"access_token": "{ACCESS}\\n"}}', f'["{ACCESS}"]']
)
def test_tokens_that_cannot_be_read(text: str) -> None:
    with pytest.raises(UnreadableTokens) as caught:
        Tokens.from_json(text)
    assert leaks(caught.value, SECRETS) == []
