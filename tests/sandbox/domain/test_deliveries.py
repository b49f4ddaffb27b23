"""Deliveries and the orders behind them (facts.md §7.29, §7.30, §8.5 to §8.7, §9.8)."""

from __future__ import annotations

from typing import Any

import pytest
from inline_snapshot import snapshot

from .conftest import Desk

pytestmark = pytest.mark.anyio

SHIPMENT = {"orderId": 3661, "allowDelivery": "Y", "deducted": "N", "deliveryId": 228, "priceDelivery": 12.5}


async def add_shipment(desk: Desk, **fields: Any) -> dict[str, Any]:
    return (await desk("sale.shipment.add", {"fields": {**SHIPMENT, **fields}}))["shipment"]


async def test_an_added_shipment_is_a_delivery_of_the_deal_and_part_of_its_total(desk: Desk):
    before = await desk.total(13142)
    added = await add_shipment(desk)
    assert await desk("crm.item.delivery.list", {"entityId": 13142, "entityTypeId": 2}) == [
        {
            "id": added["id"],
            "accountNumber": "3661/2",
            "deducted": "N",
            "dateDeducted": None,
            "deliveryId": 228,
            "priceDelivery": 12.5,
            "currency": "USD",
            "deliveryName": "Uber Taxi (Cargo)",
        }
    ]
    assert await desk.total(13142) == before + 12.5
    payment = await desk.pay_for(13142, 17648, 1)
    await desk("crm.item.payment.delivery.add", {"paymentId": payment, "deliveryId": added["id"]})
    assert await desk.sum(payment) == 41.5
    assert await desk.total(13142) == before + 12.5


async def test_a_shipment_without_a_service_is_found_but_not_listed(desk: Desk):
    added = await add_shipment(desk, deliveryId=0, deducted="Y")
    assert await desk("crm.item.delivery.list", {"entityId": 13142, "entityTypeId": 2}) == []
    found = await desk("crm.item.delivery.get", {"id": added["id"]})
    assert (found["deducted"], found["dateDeducted"]) == ("Y", "2026-11-23T12:00:00+02:00")


async def test_system_shipments_are_found_but_not_listed(desk: Desk):
    (system,) = desk.portal.store.connection.execute("SELECT id FROM shipment WHERE order_id = 3657 AND system = 'Y'")
    assert (await desk("crm.item.delivery.get", {"id": system["id"]}))["accountNumber"] == "3657/1"
    listed = await desk("crm.item.delivery.list", {"entityId": 13127, "entityTypeId": 2, "order": {"id": "desc"}})
    assert [delivery["accountNumber"] for delivery in listed] == ["3657/3", "3657/2"]
    shipments = await desk("sale.shipment.list", {"filter": {"orderId": 3657}, "select": ["id"]})
    assert shipments == {"shipments": [{"id": 4077}, {"id": 4078}]}


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"orderId": None}, ("0", "Required fields: orderId")),
        ({"allowDelivery": None, "deducted": None}, ("0", "Required fields: allowDelivery, deducted")),
        ({"orderId": 1}, ("200540400001", "order does not exist")),
        ({"orderId": 10**30}, ("0", "Invalid value for field 'orderId'")),
        ({"deliveryId": 999}, ("0", "Delivery service was not found")),
        ({"priceDelivery": -1}, ("0", "Invalid value for field 'priceDelivery'")),
        ({"priceDelivery": "free"}, ("0", "Invalid value for field 'priceDelivery'")),
    ],
)
async def test_shipments_that_are_refused(desk: Desk, fields: dict[str, Any], refusal: tuple[str, str]):
    code, text = await desk.refusal("sale.shipment.add", {"fields": {**SHIPMENT, **fields}})
    assert (str(code), text) == refusal


async def test_lists_of_nothing_and_of_object_zero(desk: Desk):
    listing = "crm.item.delivery.list"
    assert await desk.answer(listing, {"entityId": 13145, "entityTypeId": 2}) == {"result": []}
    assert await desk.answer(listing, {"entityId": 1, "entityTypeId": 777}) == {"result": []}
    assert await desk.refusal(listing, {"entityId": 0, "entityTypeId": 2}) == (0, "Insufficient permissions")
    code, text = await desk.refusal(listing, {"entityId": 13127, "entityTypeId": 2, "filter": "x"})
    assert (code, "Should be value of type array" in text) == (100, True)


async def test_the_order_behind_a_payment(desk: Desk):
    order = (await desk("sale.order.get", {"id": 3655}))["order"]
    basket, payments, shipments = order.pop("basketItems"), order.pop("payments"), order.pop("shipments")
    assert order == snapshot(
        {
            "id": 3655,
            "accountNumber": "3655",
            "price": 165619.98,
            "currency": "USD",
            "payed": "N",
            "canceled": "N",
            "statusId": "N",
            "userId": 1,
            "companyId": 27,
            "personTypeId": 2,
            "dateInsert": "2024-05-21T09:15:00+02:00",
            "lid": "s1",
            "xmlId": None,
            "clients": [
                {"entityTypeId": 4, "entityId": 27, "isPrimary": "Y"},
                {"entityTypeId": 3, "entityId": 37, "isPrimary": "Y"},
            ],
            "propertyValues": [],
            "tradeBindings": [],
        }
    )
    assert [(item["xmlId"], item["vatRate"], item["quantity"]) for item in basket] == [
        ("crm_pr_17587", 0.2, 10),
        ("crm_pr_17588", 0.2, 10),
    ]
    assert isinstance(basket[0]["id"], str)
    assert [payment["id"] for payment in payments] == [1039, 1040]
    assert [(shipment["id"], shipment["shipmentItems"]) for shipment in shipments] == [(4072, []), (4073, [])]
    assert await desk.refusal("sale.order.get", {"id": 1}) == (200540400001, "order does not exist")


async def test_lists_of_orders_and_payments_have_pages(desk: Desk):
    answer = await desk.answer("sale.order.list", {"filter": {"payed": "Y"}, "select": ["id", "payed"]})
    assert answer["total"] == len(answer["result"]["orders"]) > 3
    assert {order["payed"] for order in answer["result"]["orders"]} == {"Y"}
    found = await desk("sale.payment.list", {"filter": {"@id": [1036]}, "select": ["id", "orderId", "xmlId"]})
    assert found == {"payments": [{"id": 1036, "orderId": 3653, "xmlId": None}]}
