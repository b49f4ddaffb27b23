"""A portal of one's own, and a desk at which a person of it makes calls over its HTTP interface."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import httpx2
import pytest
from bitrix24_commerce.sandbox import Portal
from bitrix24_commerce.sandbox.clock import Clock

NOON = datetime.fromisoformat("2026-11-23T12:00:00+02:00")


class Desk:
    """Calls methods of a portal with one of its webhooks."""

    def __init__(self, portal: Portal, webhook: str) -> None:
        self.portal = portal
        self._transport = httpx2.ASGITransport(portal.app, client=("127.0.0.1", 50000))
        self._address = portal.webhook_url(webhook)

    async def answer(self, name: str, parameters: object = None) -> dict[str, Any]:
        """Give the whole answer but for `time`."""
        async with httpx2.AsyncClient(transport=self._transport, base_url=self._address) as http:
            content = json.dumps(parameters or {})  # also what httpx2 would not encode
            response = await http.post(name, content=content, headers={"content-type": "application/json"})
        body = response.json()
        body.pop("time", None)
        return body

    async def __call__(self, name: str, parameters: object = None) -> Any:
        """Give the result of a call that must succeed."""
        body = await self.answer(name, parameters)
        assert "error" not in body, (name, parameters, body)
        return body["result"]

    async def refusal(self, name: str, parameters: object = None) -> tuple[object, str]:
        """Give code and text of a call that must be refused, and change nothing."""
        before = contents(self.portal)
        body = await self.answer(name, parameters)
        assert "result" not in body, (name, parameters, body)
        assert contents(self.portal) == before
        return body["error"], body["error_description"]

    async def row(self, id: int) -> dict[str, Any]:
        return (await self("crm.item.productrow.get", {"id": id}))["productRow"]

    async def add_row(self, deal: int, **fields: Any) -> dict[str, Any]:
        added = await self("crm.item.productrow.add", {"fields": {"ownerId": deal, "ownerType": "D", **fields}})
        return added["productRow"]

    async def total(self, deal: int) -> float:
        item = await self("crm.item.get", {"entityTypeId": 2, "id": deal})
        return item["item"]["opportunity"]

    async def available(self, deal: int) -> dict[int, float]:
        found = await self("crm.item.productrow.getAvailableForPayment", {"ownerId": deal, "ownerType": "D"})
        return {row["id"]: row["quantity"] for row in found["productRows"]}

    async def pay_for(self, deal: int, row: int, quantity: int) -> int:
        """Make a payment for a row of a deal and give its id."""
        payment = await self("crm.item.payment.add", {"entityId": deal, "entityTypeId": 2})
        await self("crm.item.payment.product.add", {"paymentId": payment, "rowId": row, "quantity": quantity})
        return payment

    async def sum(self, payment: int) -> float:
        return (await self("crm.item.payment.get", {"id": payment}))["sum"]


def contents(portal: Portal) -> list[str]:
    """Give everything that the portal's store holds."""
    return list(portal.store.connection.iterdump())


OpenDesk = Callable[..., Desk]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def open_desk() -> Iterator[OpenDesk]:
    portals: list[Portal] = []

    def start(webhook: str = "administrator", **options: Any) -> Desk:
        portals.append(Portal(clock=Clock(NOON), **options))
        return Desk(portals[-1], webhook)

    yield start
    for portal in portals:
        portal.close()


@pytest.fixture
def desk(open_desk: OpenDesk) -> Desk:
    """The administrator's desk at the classic shop."""
    return open_desk()
