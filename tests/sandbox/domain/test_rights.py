"""Whom the methods refuse, and how (facts.md §4.4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from bitrix24_commerce.sandbox.access import MANAGER

from .conftest import Desk, OpenDesk

pytestmark = pytest.mark.anyio

DENIED = ("ACCESS_DENIED", "Access denied")
ROWS: list[tuple[str, dict[str, Any]]] = [
    ("crm.item.productrow.add", {"fields": {"ownerId": 13142, "ownerType": "D", "price": "wrong"}}),
    ("crm.item.productrow.update", {"id": 17649, "fields": {"nonsense": 1}}),
    ("crm.item.productrow.set", {"ownerId": 13142, "ownerType": "D", "productRows": ["wrong"]}),
    ("crm.item.productrow.delete", {"id": 17649}),
]
PAYMENTS: list[tuple[str, dict[str, Any]]] = [
    ("crm.item.payment.add", {"entityId": 1, "entityTypeId": 999}),
    ("crm.item.payment.update", {"id": 1037, "fields": {"paid": "Y"}}),
    ("crm.item.payment.pay", {"id": 1037}),
    ("crm.item.payment.unpay", {"id": 1037}),
    ("crm.item.payment.delete", {"id": 1037}),
    ("crm.item.payment.product.add", {"paymentId": 1039, "rowId": 1, "quantity": 1}),
    ("crm.item.payment.product.setQuantity", {"id": 1195, "quantity": 1000}),
    ("crm.item.payment.product.delete", {"id": 1195}),
    ("crm.item.payment.delivery.add", {"paymentId": 1039, "deliveryId": 1}),
    ("crm.item.payment.delivery.setDelivery", {"id": 1199, "deliveryId": 1}),
    ("crm.item.payment.delivery.delete", {"id": 1199}),
]
READING_ROWS: list[tuple[str, dict[str, Any]]] = [
    ("crm.item.productrow.get", {"id": 17649}),
    ("crm.item.productrow.list", {"filter": {"=ownerType": "D", "=ownerId": 13142, ">price": [1]}}),
    ("crm.item.productrow.getAvailableForPayment", {"ownerType": "D", "ownerId": 13142}),
    ("crm.item.list", {"entityTypeId": 2}),
    ("crm.item.get", {"entityTypeId": 2, "id": 13142}),
]
READING_PAYMENTS: list[tuple[str, dict[str, Any]]] = [
    ("crm.item.payment.get", {"id": 1037}),
    ("crm.item.payment.list", {"entityId": 13123, "entityTypeId": 2}),
    ("crm.item.payment.product.list", {"paymentId": 1039}),
    ("crm.item.payment.delivery.list", {"paymentId": 1039}),
    ("crm.item.delivery.get", {"id": 4077}),
    ("crm.item.delivery.list", {"entityId": 13127, "entityTypeId": 2}),
]
ADMINISTRATORS_ONLY = {
    "sale.order.list": (200040300010, "Access Denied"),
    "sale.payment.list": (200040300010, "Access Denied"),
    "sale.shipment.list": (200040300010, "Access Denied"),
    "sale.paysystem.list": ("ACCESS_DENIED", "Access denied!"),
    "sale.delivery.getlist": ("ACCESS_DENIED", "Access denied!"),
    "crm.type.list": DENIED,
}


def payment_refusal(profile: str) -> tuple[object, str]:
    return (0, "Insufficient permissions") if profile == "classic" else DENIED


def stranger(open_desk: OpenDesk, **options: Any) -> Desk:
    """A desk of somebody who may do nothing."""
    desk = open_desk(**options)
    nobody = replace(MANAGER, id=9, reads_crm=False, reads_store=False)
    desk.portal.webhooks.add("stranger", nobody)
    return Desk(desk.portal, "stranger")


@pytest.mark.parametrize("profile", ["classic", "current"])
async def test_who_may_only_read_changes_nothing(open_desk: OpenDesk, profile: str):
    desk = open_desk("manager", profile=profile)
    for method, request in ROWS:
        assert await desk.refusal(method, request) == DENIED
    for method, request in PAYMENTS:
        assert await desk.refusal(method, request) == payment_refusal(profile)
    for method in ("add", "deleteByFilter"):
        assert await desk.refusal(f"crm.orderentity.{method}", {"fields": {}}) == ("200040300020", "Access Denied")


async def test_who_may_only_read_reads(open_desk: OpenDesk):
    desk = open_desk("manager")
    for method, request in READING_ROWS[:1] + READING_ROWS[2:] + READING_PAYMENTS:
        assert "result" in await desk.answer(method, request)
    assert await desk("crm.orderentity.list")
    assert await desk("salescenter.payment.getPublicUrl", {"id": 1063})


@pytest.mark.parametrize("profile", ["classic", "current"])
async def test_who_may_not_read_sees_nothing(open_desk: OpenDesk, profile: str):
    desk = stranger(open_desk, profile=profile)
    for method, request in READING_ROWS:
        assert await desk.refusal(method, request) == DENIED
    for method, request in READING_PAYMENTS:
        assert await desk.refusal(method, request) == payment_refusal(profile)
    for method in ("list", "getFields"):
        assert await desk.refusal(f"crm.orderentity.{method}") == ("200040300010", "Access Denied")
    for method in ("catalog.catalog.list", "catalog.price.list", "catalog.measure.list", "catalog.vat.list"):
        code = 200040300010 if profile == "classic" else "200040300010"
        assert await desk.refusal(method) == (code, "Access Denied")
    assert await desk.refusal("crm.deal.list") == ("", "Access denied.")
    assert await desk("crm.item.productrow.fields")
    assert await desk("salescenter.payment.getPublicUrl", {"id": 1063})


async def test_what_does_not_exist_is_missing_before_it_is_forbidden(open_desk: OpenDesk):
    desk = stranger(open_desk)
    assert (await desk.refusal("crm.item.productrow.get", {"id": 1}))[0] == "NOT_FOUND"
    assert (await desk.refusal("crm.item.payment.get", {"id": 1}))[1] == "Payment has not been found"
    unknown = {"fields": {"ownerId": 1, "ownerType": "D"}}
    assert (await desk.refusal("crm.item.productrow.add", unknown))[0] == "OWNER_NOT_FOUND"


@pytest.mark.parametrize("method", sorted(ADMINISTRATORS_ONLY))
async def test_some_lists_are_for_administrators(open_desk: OpenDesk, method: str):
    desk = open_desk("manager")
    assert await desk.refusal(method) == ADMINISTRATORS_ONLY[method]
    assert "result" in await Desk(desk.portal, "administrator").answer(method)


async def test_shipments_are_added_by_administrators(open_desk: OpenDesk):
    desk = open_desk("manager")
    assert await desk.refusal("sale.shipment.add", {"fields": {}}) == (200040300020, "Access Denied")
    assert (await desk.refusal("sale.order.get", {"id": 3653}))[0] == 200040300010
