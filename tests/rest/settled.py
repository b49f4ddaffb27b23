"""The whole client against a portal on which writes lose their replies, both in virtual time."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

import httpx2
from bitrix24_commerce.rest import Portal, PortalError, Webhook, WebhookCredentials, connect
from bitrix24_commerce.rest.errors import Outcome
from bitrix24_commerce.rest.limits import SELF_HOSTED
from bitrix24_commerce.sandbox import Portal as Sandbox
from bitrix24_commerce.sandbox.registry import Page, Refusal

from tests.virtual_time import LoopClock

Reported = Literal["applied", "not applied", "unknown"]

LOSSES: dict[str, dict[str, Any]] = {
    "reply lost": {"kind": "reply_lost"},
    "reset": {"kind": "reset"},
    "carried out late": {"kind": "delay", "seconds": 20},
    "answered late": {"kind": "delay", "seconds": 20, "after": True},
    "500 before": {"kind": "500"},
    "500 after": {"kind": "500", "after": True},
    "503": {"kind": "503"},
    "empty body before": {"kind": "empty"},
    "empty body after": {"kind": "empty", "after": True},
    "HTML before": {"kind": "html"},
    "HTML after": {"kind": "html", "after": True},
    "cut-off JSON": {"kind": "cut_off"},
}
"""What can happen to a write, as faults of the sandbox. The client waits 10 seconds for an answer."""


@dataclass(frozen=True)
class Settled:
    """A portal, and a client of it."""

    portal: Portal
    sandbox: Sandbox

    @property
    def requests(self) -> list[str]:
        """The methods of the requests that came over the wire."""
        return [entry.method for entry in self.sandbox.journal.entries if not entry.in_batch]

    def carried(self, method: str) -> list[Any]:
        """The results of our own writes that the portal carried out."""
        return [each.result for each in self.sandbox.ledger if each.method == method and each.by != "another user"]

    def another_user(self, method: str, parameters: dict[str, Any]) -> Any:
        """What somebody else does on the portal, or sees there."""
        result = self.sandbox.call(method, parameters)
        return result.result if isinstance(result, Page) else result

    def exists(self, method: str, id: int) -> bool:
        """Whether somebody else finds the record."""
        try:
            self.another_user(method, {"id": id})
        except Refusal:
            return False
        return True


@asynccontextmanager
async def settled(**options: Any) -> AsyncGenerator[Settled]:
    """A portal without limits, and a client that waits 10 seconds for an answer."""
    sandbox = Sandbox(clock=LoopClock(), **options)
    async with sandbox.serve():
        credentials = WebhookCredentials(Webhook.parse(sandbox.webhook_url()))
        async with connect(credentials, limits=SELF_HOSTED, timeout=httpx2.Timeout(10.0)) as portal:
            yield Settled(portal, sandbox)
    sandbox.close()


async def reported(call: Callable[[], Awaitable[Any]]) -> tuple[Reported, Any]:
    """What the client says became of a write, and the result or the error with which it says so."""
    try:
        return "applied", await call()
    except PortalError as error:
        return ("unknown" if error.outcome is Outcome.UNKNOWN else "not applied"), error
