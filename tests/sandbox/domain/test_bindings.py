"""Bindings of orders to deals and invoices (facts.md §7.9 to §7.12, §9.9)."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Desk

pytestmark = pytest.mark.anyio

ADD, DELETE, LIST = "crm.orderentity.add", "crm.orderentity.deleteByFilter", "crm.orderentity.list"


async def owners(desk: Desk, order: int) -> list[tuple[int, int]]:
    found = await desk(LIST, {"filter": {"orderId": order}})
    return [(binding["ownerTypeId"], binding["ownerId"]) for binding in found["orderEntity"]]


async def test_another_binding_takes_the_place_of_the_present_one(desk: Desk):
    await desk(ADD, {"fields": {"orderId": "5125", "ownerId": 2001, "ownerTypeId": 31}})
    assert await owners(desk, 5125) == [(31, 2001)]


async def test_the_owner_need_not_exist(desk: Desk):
    await desk(ADD, {"fields": {"orderId": 5125, "ownerId": 77, "ownerTypeId": 2}})
    assert await owners(desk, 5125) == [(2, 77)]


async def test_totals_follow_the_deliveries_of_an_order(desk: Desk):
    before = await desk.total(13127)
    binding = {"orderId": 3657, "ownerId": 13127, "ownerTypeId": 2}
    assert await desk(DELETE, {"fields": binding}) is True
    assert await desk.total(13127) == pytest.approx(before - 159.98)
    other = await desk.total(13145)
    await desk(ADD, {"fields": {**binding, "ownerId": 13145}})
    assert await desk.total(13145) == pytest.approx(other + 159.98)
    assert len(await desk("crm.item.delivery.list", {"entityId": 13145, "entityTypeId": 2})) == 2
    assert await desk("crm.item.delivery.list", {"entityId": 13127, "entityTypeId": 2}) == []


async def test_payments_survive_the_end_of_a_binding(desk: Desk):
    await desk(DELETE, {"fields": {"orderId": 3653, "ownerId": 13123, "ownerTypeId": 2}})
    assert await desk("crm.item.payment.list", {"entityId": 13123, "entityTypeId": 2}) == []
    assert (await desk("crm.item.payment.get", {"id": 1036}))["accountNumber"] == "3653/1"
    payment = await desk("crm.item.payment.add", {"entityId": 13123, "entityTypeId": 2})
    order = int((await desk("crm.item.payment.get", {"id": payment}))["accountNumber"].split("/")[0])
    assert order > 5128


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({}, ("0", "Required fields: ownerId, ownerTypeId, orderId")),
        ({"ownerTypeId": 2}, ("0", "Required fields: ownerId, orderId")),
        ({"orderId": 5125, "ownerId": 0, "ownerTypeId": 2}, ("201640400001", "ownerId - parameter is empty")),
        ({"orderId": 5125, "ownerId": 5, "ownerTypeId": ""}, ("201640400002", "ownerTypeId - parameter is empty")),
        ({"orderId": None, "ownerId": 5, "ownerTypeId": 2}, ("201640400003", "orderId - parameter is empty")),
        ({"orderId": 10**30, "ownerId": 5, "ownerTypeId": 2}, ("201640400003", "orderId - parameter is empty")),
        ({"orderId": [1], "ownerId": "x", "ownerTypeId": 2}, ("201640400001", "ownerId - parameter is empty")),
    ],
)
async def test_bindings_that_are_incomplete(desk: Desk, fields: dict[str, Any], refusal: tuple[str, str]):
    assert await desk.refusal(ADD, {"fields": fields}) == refusal
    assert await desk.refusal(DELETE, {"fields": fields}) == refusal


async def test_bindings_that_cannot_be(desk: Desk):
    present = {"orderId": 5125, "ownerId": 6933, "ownerTypeId": 2}
    assert (await desk.refusal(ADD, {"fields": present}))[0] == "201650000001"
    assert await desk.refusal(ADD, {"fields": {**present, "orderId": 1}}) == ("200540400001", "order does not exist")
    assert (await desk.refusal(ADD, {"fields": {**present, "ownerTypeId": 1}}))[0] == "0"
    for other in ({"orderId": 1}, {"ownerId": 1}, {"ownerTypeId": 31}):
        refusal = await desk.refusal(DELETE, {"fields": {**present, **other}})
        assert refusal == ("201640400004", "entity relation is not exists")


async def test_the_list_has_pages_prefixes_and_no_interest_in_unknown_fields(desk: Desk):
    answer = await desk.answer(LIST, {"select": ["ownerId", "nonsense"], "filter": {">orderId": 5000, "nonsense": 1}})
    assert answer == {"result": {"orderEntity": [{"ownerId": 6933}, {"ownerId": 6937}, {"ownerId": 6938}]}, "total": 3}
    answer = await desk.answer(LIST, {"select": ["nonsense", 7], "filter": {"orderId": 5125}})
    assert answer["result"] == {"orderEntity": [{"orderId": 5125, "ownerId": 6933, "ownerTypeId": 2}]}
    answer = await desk.answer(LIST, {"filter": {"!@ownerTypeId": [2]}, "start": -1})
    assert {binding["ownerTypeId"] for binding in answer["result"]["orderEntity"]} == {31}
    assert "total" not in answer
