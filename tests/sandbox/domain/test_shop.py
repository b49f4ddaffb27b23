"""The shop of the first start: believable, consistent, and as the documented examples need it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from .conftest import Desk, OpenDesk

pytestmark = pytest.mark.anyio


async def everything(desk: Desk, method: str, key: str, request: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    start: int | None = 0
    while start is not None:
        answer = await desk.answer(method, {**request, "start": start})
        found += answer["result"][key]
        start = answer.get("next")
    return found


async def test_every_total_is_that_of_rows_and_deliveries(desk: Desk):
    deals = await everything(desk, "crm.item.list", "items", {"entityTypeId": 2})
    assert len(deals) > 30
    for deal in deals:
        rows = await everything(
            desk, "crm.item.productrow.list", "productRows", {"filter": {"=ownerType": "D", "=ownerId": deal["id"]}}
        )
        deliveries = await desk("crm.item.delivery.list", {"entityId": deal["id"], "entityTypeId": 2})
        total = sum(Decimal(str(row["price"])) * Decimal(str(row["quantity"])) for row in rows)
        total += sum(Decimal(str(delivery["priceDelivery"])) for delivery in deliveries)
        if deal["isManualOpportunity"] == "N":
            assert Decimal(str(deal["opportunity"])) == total, deal
        assert deal["companyId"] or deal["contactId"]


async def test_every_payment_is_what_its_items_say(desk: Desk):
    payments = await everything(desk, "sale.payment.list", "payments", {})
    assert {payment["paid"] for payment in payments} == {"Y", "N"}
    for payment in payments:
        total = Decimal(0)
        for item in await desk("crm.item.payment.product.list", {"paymentId": payment["id"]}):
            row = await desk.row(item["rowId"])
            assert row["xmlId"].startswith("sale_basket_")
            assert row["taxRate"] is None or row["taxIncluded"] == "Y"
            total += Decimal(str(row["price"])) * item["quantity"]
        for item in await desk("crm.item.payment.delivery.list", {"paymentId": payment["id"]}):
            delivery = await desk("crm.item.delivery.get", {"id": item["deliveryId"]})
            total += Decimal(str(delivery["priceDelivery"]))
        assert Decimal(str(payment["sum"])) == total, payment


async def test_the_deal_of_the_documentation(desk: Desk):
    deal = (await desk("crm.item.get", {"entityTypeId": 2, "id": 13142}))["item"]
    assert (deal["currencyId"], deal["opportunity"], deal["stageId"]) == ("USD", 275637, "PREPARATION")
    assert (await desk("crm.item.get", {"entityTypeId": 4, "id": deal["companyId"]}))["item"]["title"]
    assert len(await desk.available(13142)) == 3


async def test_the_large_portal(open_desk: OpenDesk):
    desk = open_desk(scenario="large")
    answer = await desk.answer("crm.item.list", {"entityTypeId": 2, "filter": {">id": 20000}, "start": 9950})
    assert answer["total"] == 10_001
    assert len(answer["result"]["items"]) == 50
    widest = {"filter": {"=ownerType": "D", "=ownerId": 30001}}
    assert (await desk.answer("crm.item.productrow.list", widest))["total"] == 5000
    for deal in (20_001, 20_002, 29_999):
        rows = (await desk("crm.item.productrow.list", {"filter": {"=ownerType": "D", "=ownerId": deal}}))[
            "productRows"
        ]
        assert await desk.total(deal) == rows[0]["price"] > 0
    before = await desk.total(30001)
    await desk.add_row(30001, price=1)
    assert await desk.total(30001) == before + 1
    new = await desk("crm.item.payment.add", {"entityId": 30001, "entityTypeId": 2})
    assert (await desk("crm.item.payment.get", {"id": new}))["sum"] == 0
