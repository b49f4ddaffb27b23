"""Items of a payment are addressed by ids that nothing ties to a payment: what is checked before they are changed."""

from __future__ import annotations

from typing import Any

import pytest
from bitrix24_commerce.sandbox import Portal

from ..server.clients import AGREES, Person, carried_out, client_of, content_of, failure_of, writes_that_reached

pytestmark = pytest.mark.anyio

FOREIGN = "FOREIGN_DELIVERY: delivery 4077 no. 3657/2 is not of the order of payment 3655/2. Nothing was changed."
MOVE = "payment_delivery_set_delivery"


@pytest.mark.parametrize("confirm", [{}, {"confirm": True}], ids=str)
async def test_a_delivery_of_another_order_is_refused(sandbox: Portal, confirm: dict[str, bool]):
    async with client_of(sandbox.webhook_url()) as client:
        named = {"id": 1201, "deliveryId": 4077, "paymentId": 1040, **confirm}
        assert failure_of(await client.call_tool(MOVE, named)).startswith(FOREIGN)
    assert writes_that_reached(sandbox) == []


async def test_also_where_the_payment_is_only_known_from_its_list(sandbox: Portal):
    async with client_of(sandbox.webhook_url()) as client:
        await client.call_tool("payment_delivery_list", {"paymentId": 1040})
        foreign = {"id": 1201, "deliveryId": 4077, "confirm": True}
        assert failure_of(await client.call_tool(MOVE, foreign)).startswith(FOREIGN)
    assert writes_that_reached(sandbox) == []


@pytest.mark.parametrize("arguments", [{}, {"confirm": True}, {"paymentId": 1040, "confirm": True}], ids=str)
async def test_a_delivery_that_does_not_exist_is_refused(sandbox: Portal, arguments: dict[str, Any]):
    async with client_of(sandbox.webhook_url()) as client:
        text = failure_of(await client.call_tool(MOVE, {"id": 1201, "deliveryId": 99999, **arguments}))
    assert text.startswith("0: Delivery has not been found. Nothing was changed.")
    assert writes_that_reached(sandbox) == []


async def test_a_delivery_of_the_same_order_is_set(sandbox: Portal):
    async with client_of(sandbox.webhook_url()) as client:
        arguments = {"id": 1201, "deliveryId": 4072, "paymentId": 1040, "confirm": True}
        content_of(await client.call_tool(MOVE, arguments))
    assert carried_out(sandbox) == ["crm.item.payment.delivery.setDelivery"]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("payment_product_delete", {"id": 1195, "paymentId": 1040}),
        ("payment_product_set_quantity", {"id": 1195, "quantity": 3, "paymentId": 1040}),
        ("payment_delivery_delete", {"id": 1201, "paymentId": 1039}),
        (MOVE, {"id": 1201, "deliveryId": 4072, "paymentId": 1039}),
    ],
)
async def test_an_item_of_another_payment_than_the_one_named_is_refused(
    sandbox: Portal, name: str, arguments: dict[str, Any]
):
    async with client_of(sandbox.webhook_url()) as client:
        answer = await client.call_tool(name, {**arguments, "confirm": True})
    assert writes_that_reached(sandbox) == []
    assert failure_of(answer).startswith("ITEM_NOT_FOUND: ")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("payment_product_delete", {"id": 1194}),
        ("payment_product_set_quantity", {"id": 1194, "quantity": 2}),
        ("payment_delivery_delete", {"id": 1201}),
        (MOVE, {"id": 1201, "deliveryId": 4072}),
    ],
)
async def test_nobody_is_asked_about_an_item_of_a_paid_payment(sandbox: Portal, name: str, arguments: dict[str, Any]):
    sandbox.call("crm.item.payment.pay", {"id": 1040})
    person = Person(AGREES)
    async with client_of(sandbox.webhook_url(), person=person) as client:
        text = failure_of(await client.call_tool(name, {**arguments, "paymentId": 1040}))
    assert text == (
        "PAYMENT_IS_PAID: payment 1040 is paid: its items are locked. Nothing was changed. "
        "The same call again will fail again. Next: If the person agrees, set it unpaid with payment_unpay first."
    )
    assert person.asked == []
    assert writes_that_reached(sandbox) == []
