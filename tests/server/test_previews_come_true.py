"""What a preview announces is what then happens: nothing goes that it did not name, and totals are as it said."""

from __future__ import annotations

import re
from typing import Any

import pytest
from bitrix24_commerce.sandbox import Portal

from ..conftest import serving_shop
from .clients import client_of, content_of

pytestmark = pytest.mark.anyio

BILLED, PAID = 13126, 13155
PHONES = {"productId": 9623, "price": 15900, "quantity": 10, "taxRate": 20, "taxIncluded": "Y"}
DESKS = {"productId": 9602, "price": 649, "quantity": 10, "taxRate": 20, "taxIncluded": "Y"}
SETS: dict[str, list[dict[str, Any]]] = {
    "nothing": [],
    "the same rows": [PHONES, DESKS],
    "the same rows by id": [{"id": 17587, **PHONES}, {"id": 17588, **DESKS}],
    "one of them": [DESKS],
    "another price": [{**PHONES, "price": 14900}, DESKS],
    "another price by id": [{"id": 17587, **PHONES, "price": 14900}, DESKS],
    "another name": [{**PHONES, "productName": "Phone"}, DESKS],
    "the tax not included": [{**PHONES, "taxIncluded": "N"}, DESKS],
    "another place": [{**PHONES, "sort": 10}, DESKS],
    "another measure": [{**PHONES, "measureCode": 6}, DESKS],
    "a discount by rate": [{**PHONES, "discountRate": 10}, DESKS],
    "a discount by sum": [{**PHONES, "discountSum": 1000}, DESKS],
    "a row twice": [PHONES, PHONES],
    "a foreign id": [{"id": 17622, **PHONES}, DESKS],
    "a new row": [PHONES, DESKS, {"productName": "Insurance", "price": 99.9, "quantity": 1.5}],
}


def state(portal: Portal, deal: int) -> tuple[dict[int, str], set[int], float]:
    """The deal's rows by id, the ids of all its payment items, and its total."""
    owner = {"=ownerType": "D", "=ownerId": deal}
    rows = portal.call("crm.item.productrow.list", {"filter": owner}).result["productRows"]
    payments = portal.call("crm.item.payment.list", {"entityTypeId": 2, "entityId": deal})
    items = {
        item["id"]
        for payment in payments
        for item in portal.call("crm.item.payment.product.list", {"paymentId": payment["id"]})
    }
    total = portal.call("crm.item.get", {"entityTypeId": 2, "id": deal})["item"]["opportunity"]
    return {row["id"]: row["productName"] for row in rows}, items, total


def named(preview: dict[str, Any]) -> set[int]:
    """The rows that a preview says will go or change."""
    return {int(id) for line in preview["changes"] for id in re.findall(r"^(?:goes|changes|may go): row (\d+)", line)}


def announced(preview: dict[str, Any]) -> set[int]:
    """The payment items that a preview says will go."""
    return {int(id) for line in preview["changes"] for id in re.findall(r"^(?:goes|may go) too: item (\d+)", line)}


@pytest.mark.parametrize("profile", ["classic", "current"])
@pytest.mark.parametrize("rows", SETS.values(), ids=SETS)
async def test_setting_rows(profile: str, rows: list[dict[str, Any]]):
    arguments = {"ownerType": "D", "ownerId": BILLED, "productRows": rows}
    async with serving_shop(profile=profile) as portal, client_of(portal.webhook_url()) as client:
        rows_before, items_before, _ = state(portal, BILLED)
        preview = content_of(await client.call_tool("productrow_set", arguments))["preview"]
        await client.call_tool("productrow_set", {**arguments, "confirm": True})
        rows_after, items_after, total = state(portal, BILLED)

    assert rows_before.keys() - rows_after.keys() <= named(preview)
    assert items_before - items_after <= announced(preview)
    assert preview["consequences"][0].endswith(f"→ {total:.2f} USD")


async def test_setting_rows_of_which_one_was_named_by_hand(sandbox: Portal):
    sandbox.call("crm.item.productrow.update", {"id": 17588, "fields": {"productName": "Desk as agreed"}})
    arguments = {"ownerType": "D", "ownerId": BILLED, "productRows": [PHONES, DESKS]}
    rows_before, items_before, _ = state(sandbox, BILLED)
    async with client_of(sandbox.webhook_url()) as client:
        preview = content_of(await client.call_tool("productrow_set", arguments))["preview"]
        await client.call_tool("productrow_set", {**arguments, "confirm": True})
    rows_after, items_after, _ = state(sandbox, BILLED)
    assert rows_before.keys() - rows_after.keys() <= named(preview)
    assert items_before - items_after <= announced(preview)


@pytest.mark.parametrize("row", [17587, 17588])
async def test_deleting_a_row(sandbox: Portal, row: int):
    _, items_before, _ = state(sandbox, BILLED)
    async with client_of(sandbox.webhook_url()) as client:
        preview = content_of(await client.call_tool("productrow_delete", {"id": row}))["preview"]
        await client.call_tool("productrow_delete", {"id": row, "confirm": True})
    _, items_after, total = state(sandbox, BILLED)
    assert items_before - items_after == announced(preview)
    assert preview["consequences"] == [f"total 165619.98 USD → {total:.2f} USD"]


async def test_a_delivery_item_takes_its_price_off_the_payment(sandbox: Portal):
    async with client_of(sandbox.webhook_url()) as client:
        preview = content_of(await client.call_tool("payment_delivery_delete", {"id": 1201, "paymentId": 1040}))
        await client.call_tool("payment_delivery_delete", {"id": 1201, "confirm": True})
        payment = content_of(await client.call_tool("payment_get", {"id": 1040}))["payment"]
    assert preview["preview"]["consequences"] == ["the payment's sum falls by 79.99 USD; the delivery itself stays"]
    assert payment["sum"] == 698.99
