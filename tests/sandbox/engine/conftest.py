"""A portal with a handful of methods of our own, and clients that talk to it over HTTP."""

from __future__ import annotations

import json
import ssl
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import anyio
import anyio.lowlevel
import httpx2
import pytest
from bitrix24_commerce.sandbox import Portal
from bitrix24_commerce.sandbox.clock import Clock
from bitrix24_commerce.sandbox.registry import METHODS, Call, Page, Refusal, method

NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Made once: reading the system's certificates for every client takes longer than the tests."""


def notes(call: Call) -> list[Any]:
    return json.loads(call.store.setting("notes") or "[]")


def add(call: Call, fields: dict[str, Any]) -> int:
    kept = [*notes(call), fields]
    call.store.remember("notes", json.dumps(kept))
    if fields.get("refuse"):
        raise Refusal("0", "Refused")
    if fields.get("crash"):
        raise RuntimeError("a mistake in a method")
    return len(kept)


def types(
    call: Call,
    id: int,
    ratio: float = 0.5,
    flag: bool = False,
    name: str = "",
    fields: dict[str, Any] | None = None,
    items: list[Any] | None = None,
    anything: Any = None,
    FILTER: Any = None,
) -> dict[str, Any]:
    return {
        "id": id,
        "ratio": ratio,
        "flag": flag,
        "name": name,
        "fields": fields,
        "items": items,
        "anything": anything,
        "FILTER": FILTER,
    }


def page(call: Call, start: int = 0) -> Page:
    if start < 0:
        return Page([])
    return Page([start], total=120, next=start + 50 if start < 100 else None)


def empty(call: Call) -> dict[str, Any]:
    return {"map": {}, "deeper": [{"map": {}}]}


def nothing(call: Call) -> None:
    return None


@pytest.fixture(autouse=True)
def methods_of_our_own() -> Iterator[None]:
    before = set(METHODS)
    method("test.add", writes=True)(add)
    method("test.types")(types)
    method("test.notes")(notes)
    method("test.page")(page)
    method("test.empty", scope="salescenter")(empty)
    method("test.nothing", scope="basic")(nothing)
    method("crm.orderentity.test", scope="basic")(types)
    yield
    for name in METHODS.keys() - before:
        del METHODS[name]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> Clock:
    """A clock that stands at noon in the portal's time."""
    return Clock(datetime(2026, 11, 23, 10, 0, tzinfo=UTC))


class Caller:
    """A client of the portal with one webhook."""

    def __init__(self, portal: Portal, http: httpx2.AsyncClient) -> None:
        self.portal = portal
        self.http = http

    async def post(self, name: str, parameters: object = None) -> httpx2.Response:
        return await self.http.post(name, json={} if parameters is None else parameters)

    async def __call__(self, name: str, parameters: object = None) -> Any:
        """Give the whole answer of a call, whatever its status."""
        return (await self.post(name, parameters)).json()

    async def result(self, name: str, parameters: object = None) -> Any:
        response = await self.post(name, parameters)
        assert response.status_code == 200, response.text
        return response.json()["result"]


async def until(condition: Callable[[], object]) -> None:
    """Let others run until something is so."""
    with anyio.fail_after(10):
        while not condition():
            await anyio.lowlevel.checkpoint()


Connect = Callable[..., AbstractAsyncContextManager[Caller]]


@pytest.fixture
def connect() -> Connect:
    """Start an empty portal and give a client of it."""

    @asynccontextmanager
    async def start(
        webhook: str = "administrator", *, scenario: str = "empty", **options: Any
    ) -> AsyncGenerator[Caller]:
        portal = Portal(scenario=scenario, **options)
        async with (
            portal.serve(),
            httpx2.AsyncClient(base_url=portal.webhook_url(webhook), verify=NO_CERTIFICATES) as http,
        ):
            yield Caller(portal, http)
        portal.close()

    return start
