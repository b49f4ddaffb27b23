"""The layers that share and pace, without the one that settles writes, and a limited portal, in virtual time."""

from __future__ import annotations

import ssl
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import anyio
import httpx2
from bitrix24_commerce.rest import Portal, Webhook, WebhookCredentials
from bitrix24_commerce.rest.connection import Connection
from bitrix24_commerce.rest.limits import Limits
from bitrix24_commerce.rest.pacing import Pacing
from bitrix24_commerce.rest.sharing import Sharing
from bitrix24_commerce.rest.transport import CONNECTIONS
from bitrix24_commerce.sandbox import Portal as Sandbox
from bitrix24_commerce.sandbox import limits as allowed

from tests.virtual_time import LoopClock

PAYMENTS = "crm.item.payment.list"
DEAL = 13142
_NO_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Loading those of the system takes most of the time that a test takes, and the portal speaks http."""


@dataclass(frozen=True)
class Paced:
    """A portal, and the layers of a client of it."""

    portal: Portal
    pacing: Pacing
    sandbox: Sandbox

    @property
    def requests(self) -> list[str]:
        """The methods of the requests that came over the wire."""
        return [entry.method for entry in self.sandbox.journal.entries if not entry.in_batch]

    @property
    def refused(self) -> int:
        """How many requests the portal refused for one of its limits."""
        return sum(entry.status in (429, 503) for entry in self.sandbox.journal.entries if not entry.in_batch)

    @property
    def statuses(self) -> set[int | None]:
        return {entry.status for entry in self.sandbox.journal.entries}

    async def payments(self, above: int = 0) -> list[Any]:
        """The payments of a deal with greater ids: a read that differs from others by `above`."""
        return await self.portal.call(
            PAYMENTS, {"entityId": DEAL, "entityTypeId": 2, "filter": {">id": above}, "order": {"id": "asc"}}
        )

    async def empty_the_bucket(self) -> None:
        """Use up what the portal allows at once, past the layer that leaves half of it to others."""
        await at_once([lambda: self.pacing.send("server.time", {})] * 50)
        self.sandbox.journal.entries.clear()


@asynccontextmanager
async def paced(
    *,
    rate: allowed.Rate | None = allowed.STANDARD,
    operating: float | None = None,
    seconds: float = 0.1,
    client_limits: Limits | None = None,
    **options: Any,
) -> AsyncGenerator[Paced]:
    """A portal whose methods take `seconds`, and a client that knows its limits unless told others."""
    known = client_limits or Limits(
        burst=rate.burst if rate else 50, per_second=rate.drain if rate else None, operating_seconds=operating
    )
    sandbox = Sandbox(clock=LoopClock(), limits=allowed.Limits(rate, operating), method_seconds=seconds, **options)
    sandbox.journal.entries = deque()
    async with sandbox.serve():
        network = httpx2.AsyncHTTPTransport(limits=CONNECTIONS, verify=_NO_AUTHORITIES)
        connection = Connection(WebhookCredentials(Webhook.parse(sandbox.webhook_url())), transport=network)
        pacing = Pacing(connection, known)
        try:
            yield Paced(Portal(Sharing(pacing, pacing), origin=lambda: connection.origin), pacing, sandbox)
        finally:
            await connection.aclose()
            sandbox.close()


async def at_once(calls: Iterable[Callable[[], Awaitable[Any]]]) -> list[Any]:
    """Start calls at the same moment; each one's result or exception, in their order."""
    results: dict[int, Any] = {}

    async def run(index: int, call: Callable[[], Awaitable[Any]]) -> None:
        try:
            results[index] = await call()
        except Exception as failure:
            results[index] = failure

    async with anyio.create_task_group() as tasks:
        for index, call in enumerate(calls):
            tasks.start_soon(run, index, call)
    return [results[index] for index in sorted(results)]
