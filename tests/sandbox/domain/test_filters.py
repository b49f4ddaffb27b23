"""Filters, orders and pages, as the list methods take them (facts.md §3.3, §6.8)."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Desk, OpenDesk

pytestmark = pytest.mark.anyio

OWNER = {"=ownerType": "D", "=ownerId": 13142}


@pytest.mark.parametrize(
    ("condition", "ids"),
    [
        ({}, [17648, 17649, 17650]),
        ({"id": 17649}, [17649]),
        ({"=id": "17649"}, [17649]),
        ({"=id": [17648, 17649]}, [17648, 17649]),
        ({"!=id": 17649}, [17648, 17650]),
        ({"!id": 17649}, [17648, 17650]),
        ({"!=id": [17648, 17649]}, [17650]),
        ({">price": 5550}, [17649]),
        ({">=price": "5550"}, [17649, 17650]),
        ({"<price": 5550}, [17648]),
        ({"<=price": 5550.0}, [17648, 17650]),
        ({"@id": [17648, "17650", 10**30]}, [17648, 17650]),
        ({"@id": 17648}, [17648]),
        ({"@id": []}, []),
        ({"!@id": [17648, 17650]}, [17649]),
        ({"!@id": []}, [17648, 17649, 17650]),
        ({"%productName": "iphone"}, [17648, 17649, 17650]),
        ({"%productName": "IPHONE 14"}, [17648, 17649]),
        ({"%productName": "%"}, []),
        ({"%productName": "_"}, []),
        ({"!%productName": "Case"}, [17649, 17650]),
        ({"=%productName": "iphone%"}, [17649, 17650]),
        ({"%=productName": "%14"}, [17648, 17649]),
        ({"!=%productName": "iphone%"}, [17648]),
        ({"!%=productName": "%14"}, [17650]),
        ({"%price": "900"}, [17649]),
        ({"taxRate": None}, [17648, 17650]),
        ({"!taxRate": None}, [17649]),
        ({"taxRate": 10}, [17649]),
        ({"!=taxRate": 10}, [17648, 17650]),
        ({"!@taxRate": [10]}, [17648, 17650]),
        ({"taxIncluded": "Y", "measureCode": 6}, [17650]),
        ({"customized": "Y"}, [17648, 17649, 17650]),
        ({"customized": "N"}, []),
        ({"storeId": 19}, [17649]),
        ({"xmlId": ""}, []),
        ({">id": 10**30}, []),
        ({"<id": 10**30}, [17648, 17649, 17650]),
        ({">id": -(10**30)}, [17648, 17649, 17650]),
        ({">id": 17648.5}, [17649, 17650]),
        ({"quantity": 3, "!discountRate": 10}, [17648]),
        ({"0": {"logic": "OR", "0": {"id": 17648}, "1": {"id": 17650}}}, [17648, 17650]),
        ({"0": {"logic": "OR", "id": 17648, ">price": 6000}}, [17648, 17649]),
        ({"0": {"logic": "AND", "%productName": "iphone", "<price": 6000}}, [17648, 17650]),
        ({"productName": "x' OR 1=1 --"}, []),
        ({"%productName": "'); DROP TABLE product_row; --"}, []),
    ],
)
async def test_conditions(desk: Desk, condition: dict[str, Any], ids: list[int]):
    answer = await desk.answer("crm.item.productrow.list", {"filter": {**OWNER, **condition}})
    assert [row["id"] for row in answer["result"]["productRows"]] == ids
    assert answer["total"] == len(ids)


@pytest.mark.parametrize(
    ("condition", "code", "text"),
    [
        ({">price": [1]}, "INVALID_ARG_VALUE", "Value for filter key '>PRICE' should be either string or number"),
        (
            {"<=productId": [1]},
            "INVALID_ARG_VALUE",
            "Value for filter key '<=PRODUCT_ID' should be either string or number",
        ),
        ({"price": "abc"}, "INVALID_ARG_VALUE", "Invalid filter: field 'price' has invalid value"),
        ({"price": {"a": {"b": 1}}}, "INVALID_ARG_VALUE", "Invalid filter: field 'price' has invalid value"),
        ({"price": True}, "INVALID_ARG_VALUE", "Invalid filter: field 'price' has invalid value"),
        ({"%productName": "x" * 2000}, "INVALID_ARG_VALUE", "Invalid filter: field 'productName' has invalid value"),
        ({"id) OR (1=1": 1}, 0, "Unknown field definition `id) OR (1=1` in the filter of ProductRow"),
    ],
)
async def test_conditions_that_are_refused(desk: Desk, condition: dict[str, Any], code: object, text: str):
    refusal = await desk.refusal("crm.item.productrow.list", {"filter": {**OWNER, **condition}})
    assert refusal == (code, text)


async def test_hundreds_of_conditions_and_deep_groups_are_refused(desk: Desk):
    many = {f"{'>=' if number % 2 else '<='}id": number for number in range(4)}
    group: dict[str, Any] = {"id": 1}
    for _ in range(8):
        group = {"0": group}
    groups = {str(number): {"id": number} for number in range(300)}
    assert (await desk.answer("crm.item.productrow.list", {"filter": {**OWNER, **many}}))["total"] == 0
    assert "nested too deeply" in (await desk.refusal("crm.item.productrow.list", {"filter": {**OWNER, **group}}))[1]
    assert "200 conditions" in (await desk.refusal("crm.item.productrow.list", {"filter": {**OWNER, **groups}}))[1]


async def test_order(desk: Desk):
    async def ids(order: dict[str, Any]) -> list[int]:
        found = await desk("crm.item.productrow.list", {"filter": OWNER, "order": order})
        return [row["id"] for row in found["productRows"]]

    assert await ids({"price": "desc"}) == [17649, 17650, 17648]
    assert await ids({"sort": "ASC"}) == [17650, 17649, 17648]
    assert await ids({"taxIncluded": "asc", "id": "DESC"}) == [17650, 17649, 17648]
    assert (await desk.refusal("crm.item.productrow.list", {"filter": OWNER, "order": {"id; DROP": "asc"}}))[0] == 0


async def test_the_current_generation_ignores_what_it_does_not_know(open_desk: OpenDesk):
    desk = open_desk(profile="current")

    async def ids(condition: dict[str, Any], order: dict[str, Any] | None = None) -> list[int]:
        request = {"filter": {**OWNER, **condition}, "order": order or {}}
        return [row["id"] for row in (await desk("crm.item.productrow.list", request))["productRows"]]

    everything = [17650, 17649, 17648]
    assert await ids({}) == everything
    assert await ids({">price": 5000, "%productName": "14", "nonsense": 1}) == everything
    assert await ids({"%id": "17649"}) == everything
    assert await ids({"=id": [17649]}) == everything
    assert await ids({"!@id": [17649]}) == everything
    assert await ids({"0": {"logic": "OR", "0": {"id": 17648}}}) == everything
    assert await ids({"@id": [17649, 17648]}) == [17649, 17648]
    assert await ids({"@productId": [9623]}) == [17650]
    assert await ids({"!id": 17649, "<=id": 17649}) == [17648]
    assert await ids({}, {"price": "desc"}) == everything
    assert await ids({}, {"id": "asc"}) == [17648, 17649, 17650]
    refusal = await desk.refusal("crm.item.productrow.list", {"filter": {**OWNER, ">id": [1]}})
    assert refusal == ("INVALID_ARG_VALUE", "Value for filter key '>ID' should be either string or number")


async def test_the_owner_stands_in_the_filter_under_exactly_two_keys(desk: Desk):
    for filter, missing in [
        ({}, "=ownerType"),
        ({"ownerType": "D", "=ownerId": 13142}, "=ownerType"),
        ({"=OWNERTYPE": "D", "=ownerId": 13142}, "=ownerType"),
        ({"=ownerType": "D"}, "=ownerId"),
        ({"=ownerType": "D", "=ownerId": 0}, "=ownerId"),
        ({"=ownerType": "D", "=ownerId": -5}, "=ownerId"),
        ({"=ownerType": "D", "=ownerId": "abc"}, "=ownerId"),
        ({"=ownerType": "D", "=ownerId": [13142]}, "=ownerId"),
    ]:
        refusal = await desk.refusal("crm.item.productrow.list", {"filter": filter})
        assert refusal == ("REQUIRED_ARG_MISSING", f"Argument '{missing}' is required")


async def test_pages(open_desk: OpenDesk):
    desk = open_desk(scenario="large")

    async def page(start: object) -> tuple[int, object, object]:
        answer = await desk.answer(
            "crm.item.productrow.list",
            {"filter": {"=ownerType": "D", "=ownerId": 30001}, "order": {"id": "asc"}, "start": start},
        )
        first, last = answer["result"]["productRows"][0], answer["result"]["productRows"][-1]
        assert last["sort"] - first["sort"] == 490
        return first["sort"] // 10, answer.get("total"), answer.get("next")

    assert await page(0) == (1, 5000, 50)
    assert await page(50) == (51, 5000, 100)
    assert await page("99") == (51, 5000, 100)
    assert await page(4950) == (4951, 5000, None)
    assert await page(-1) == (1, None, None)
    beyond = await desk.answer(
        "crm.item.productrow.list", {"filter": {"=ownerType": "D", "=ownerId": 30001}, "start": 5000}
    )
    assert beyond == {"result": {"productRows": []}, "total": 5000}


async def test_moments_are_compared_as_moments(desk: Desk):
    async def ids(condition: dict[str, Any]) -> list[int]:
        request = {"entityId": 13123, "entityTypeId": 2, "filter": condition}
        return [payment["id"] for payment in await desk("crm.item.payment.list", request)]

    assert await ids({"datePaid": "2024-05-20T12:32:02+02:00"}) == [1036]
    assert await ids({"datePaid": "2024-05-20T13:32:02+03:00"}) == [1036]
    assert await ids({">datePaid": "2024-05-20T13:32:02+03:00"}) == []
    assert await ids({">datePaid": "2024-05-20"}) == [1036]
    assert await ids({"<datePaid": "2024-05-20 12:32:03"}) == [1036]
    assert await ids({"datePaid": None}) == [1037, 1038]
    assert await ids({"paid": "N", ">sum": 0}) == [1038]
    request = {"entityId": 13123, "entityTypeId": 2, "filter": {">datePaid": "yesterday"}}
    assert await desk.refusal("crm.item.payment.list", request) == (
        0,
        "Invalid filter: field 'datePaid' has invalid value",
    )
