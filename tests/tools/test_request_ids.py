"""A creating call that is repeated with its requestId creates nothing more (issue 4 §4)."""

from __future__ import annotations

from typing import Any

import pytest
from bitrix24_commerce.sandbox import Portal

from ..server.clients import ERAS, Era, carried_out, client_of, content_of, failure_of

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("mode", ERAS)]

CREATING: dict[str, dict[str, Any]] = {
    "payment_add": {"entityTypeId": 2, "entityId": 13142},
    "productrow_add": {"ownerType": "D", "ownerId": 13142, "productName": "Insurance", "price": 9.9},
    "payment_product_add": {"paymentId": 1040, "rowId": 17587, "quantity": 1},
    "payment_delivery_add": {"paymentId": 1039, "deliveryId": 4072},
    "orderentity_add": {"orderId": 5125, "ownerTypeId": 2, "ownerId": 6937, "confirm": True},
}


@pytest.mark.parametrize("name", CREATING)
async def test_the_same_id_gives_the_first_answer_again(sandbox: Portal, name: str, mode: Era):
    async with client_of(sandbox.webhook_url(), mode=mode) as client:
        first = await client.call_tool(name, {**CREATING[name], "requestId": "order 66"})
        again = await client.call_tool(name, {**CREATING[name], "requestId": "order 66"})
    assert content_of(again) == content_of(first)
    assert len(carried_out(sandbox)) == 1


async def test_another_id_creates_another(sandbox: Portal, mode: Era):
    async with client_of(sandbox.webhook_url(), mode=mode) as client:
        ids = [
            content_of(await client.call_tool("payment_add", {**CREATING["payment_add"], "requestId": each}))["id"]
            for each in ("first", "second")
        ]
    assert len(set(ids)) == 2
    assert len(carried_out(sandbox)) == 2


async def test_the_same_id_with_other_arguments_is_refused(sandbox: Portal, mode: Era):
    async with client_of(sandbox.webhook_url(), mode=mode) as client:
        content_of(await client.call_tool("payment_add", {**CREATING["payment_add"], "requestId": "x"}))
        for name, other in (("payment_add", {"entityId": 13143}), ("productrow_add", {})):
            text = failure_of(await client.call_tool(name, {**CREATING[name], **other, "requestId": "x"}))
            assert text.startswith("REQUEST_ID_REUSED: this requestId was used for another call; nothing was sent.")
    assert len(carried_out(sandbox)) == 1


async def test_a_refused_call_leaves_its_id_free(sandbox: Portal, mode: Era):
    async with client_of(sandbox.webhook_url(), mode=mode) as client:
        missing = {"entityTypeId": 2, "entityId": 999999, "requestId": "x"}
        assert "does not exist" in failure_of(await client.call_tool("payment_add", missing))
        content_of(await client.call_tool("payment_add", {**CREATING["payment_add"], "requestId": "x"}))
    assert carried_out(sandbox) == ["crm.item.payment.add"]
