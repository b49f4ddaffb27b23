"""What the portal would refuse, misread or silently swallow is refused before anything is sent, in words."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from bitrix24_commerce.tools import OPERATIONS

from ..server.clients import client_of, failure_of
from ..server.scripted_portal import ScriptedPortal

pytestmark = pytest.mark.anyio

DEAL = {"ownerType": "D", "ownerId": 13142}
ITEM = {"paymentId": 1039, "rowId": 17587}


Refusal = Callable[[str, dict[str, Any]], Awaitable[str]]


@pytest.fixture(scope="module")
async def refusal() -> AsyncIterator[Refusal]:
    """Why a call is refused; nothing reaches the portal."""
    portal = ScriptedPortal()
    async with portal.serve(), client_of(portal.webhook_url) as client:

        async def refusal(name: str, arguments: dict[str, Any]) -> str:
            text = failure_of(await client.call_tool(name, arguments))
            assert portal.received == []
            done = "Nothing was changed." if OPERATIONS[name].declaration.effect.writes else "Nothing was read."
            end = f". {done} The same call again will fail again. Next: Correct the arguments."
            assert text.startswith("INVALID_ARGUMENTS: ")
            assert text.endswith(end)
            return text.removeprefix("INVALID_ARGUMENTS: ").removesuffix(end)

        yield refusal


async def test_unknown_arguments_are_named_with_those_that_exist(refusal: Refusal):
    assert await refusal("payment_get", {"id": 1036, "paymentId": 1036}) == (
        "paymentId: no such argument; there are id"
    )
    assert await refusal("productrow_fields", {"ownerType": "D"}) == "ownerType: no such argument; there are none"
    assert await refusal("payment_delete", {"id": 1036, "force": True}) == (
        "force: no such argument; there are id, confirm"
    )
    row = {"productId": 9621, "priceNetto": 5}
    assert "productRows.0.priceNetto: no such argument; a row has" in await refusal(
        "productrow_set", {**DEAL, "productRows": [row], "confirm": True}
    )


@pytest.mark.parametrize("name", [name for name, each in OPERATIONS.items() if each.input_schema.get("required")])
async def test_every_required_argument_is_asked_for(refusal: Refusal, name: str):
    required = OPERATIONS[name].input_schema["required"]
    assert await refusal(name, {}) == "; ".join(f"{each}: required" for each in required)


@pytest.mark.parametrize("name", OPERATIONS)
async def test_every_tool_refuses_an_argument_it_does_not_have(refusal: Refusal, name: str):
    assert "nonsense: no such argument; there are " in await refusal(name, {"nonsense": 1})


@pytest.mark.parametrize(
    ("id", "why"),
    [
        (0, "id: should be greater than or equal to 1"),
        (-5, "id: should be greater than or equal to 1"),
        (10**30, "id: should be less than or equal to 2147483647"),
        (1.5, "id: must be a whole number"),
        (True, "id: must be a number, not true or false"),
        ("first", "id: should be a valid integer, unable to parse string as an integer"),
        ([1036], "id: should be a valid integer"),
        ({"id": 1036}, "id: should be a valid integer"),
        (None, "id: should be a valid integer"),
    ],
    ids=str,
)
async def test_ids(refusal: Refusal, id: object, why: str):
    assert await refusal("payment_pay", {"id": id}) == why


@pytest.mark.parametrize("quantity", [1.5, "1.5", 0, -1, "half", "", True, 10**12, None])
async def test_a_payment_item_takes_whole_units(refusal: Refusal, quantity: object):
    assert (await refusal("payment_product_add", {**ITEM, "quantity": quantity})).startswith("quantity: ")
    arguments = {"id": 1195, "quantity": quantity, "confirm": True}
    assert (await refusal("payment_product_set_quantity", arguments)).startswith("quantity: ")


OUT_OF_BOUNDS: dict[str, list[Any]] = {
    "price": [-1, 10**13, "NaN", "Infinity", "1,5", True, [], ""],
    "quantity": [0, -1, 0.00001, 10**10, "many", False],
    "discountRate": [-1, 101, "10%"],
    "discountTypeId": [0, 3, "percent", True],
    "taxRate": [-1, 100.1, "20%"],
    "taxIncluded": ["maybe", 1, ""],
    "productName": ["", "x" * 256, 5],
    "measureCode": [0, "pcs"],
    "sort": [-1, 1.5],
}


@pytest.mark.parametrize("field", OUT_OF_BOUNDS)
async def test_row_values_out_of_bounds(refusal: Refusal, field: str):
    for value in OUT_OF_BOUNDS[field]:
        assert (await refusal("productrow_update", {"id": 17648, field: value})).startswith(f"{field}: "), value


@pytest.mark.parametrize(
    ("discount", "why"),
    [
        (
            {"discountRate": 5, "discountSum": 1},
            "discountRate and discountSum both given; say which counts with discountTypeId",
        ),
        (
            {"discountTypeId": 1, "discountRate": 5},
            "discountTypeId 1 needs discountSum; discountRate goes with discountTypeId 2",
        ),
        (
            {"discountTypeId": 2, "discountSum": 5},
            "discountTypeId 2 needs discountRate; discountSum goes with discountTypeId 1",
        ),
        ({"discountRate": 100}, "a discount of 100 % needs discountSum too: the portal cannot compute it"),
    ],
)
async def test_discounts_that_the_portal_would_drop_or_could_not_compute(
    refusal: Refusal, discount: dict[str, Any], why: str
):
    assert await refusal("productrow_add", {**DEAL, "productName": "x", **discount}) == why
    assert await refusal("productrow_update", {"id": 17648, **discount}) == why
    rows = {"productRows": [{"productName": "x"}, {"productName": "y", **discount}], "confirm": True}
    assert await refusal("productrow_set", {**DEAL, **rows}) == f"productRows.1: {why}"


async def test_rows_and_updates_of_nothing(refusal: Refusal):
    assert await refusal("productrow_add", {**DEAL, "price": 5}) == "give productId or productName: a row needs one"
    assert await refusal("productrow_update", {"id": 17648}) == "give at least one field to change"
    assert await refusal("payment_update", {"id": 1036}) == "give paid or paySystemId"


@pytest.mark.parametrize("kind", ["contact", "C", 3, "CO", "invoice", 5, "O", 14])
async def test_objects_without_rows(refusal: Refusal, kind: object):
    assert " has no product rows; use D deal, " in await refusal("productrow_list", {"ownerType": kind, "ownerId": 1})


@pytest.mark.parametrize("kind", ["lead", 1, "quote", "T9c", 5])
async def test_objects_without_payments(refusal: Refusal, kind: object):
    why = await refusal("payment_add", {"entityTypeId": kind, "entityId": 1})
    assert why.endswith(" takes no payments; use 2 for deals, 31 for new invoices")


@pytest.mark.parametrize("kind", ["spaceship", "", "T", "Txyz", 999, True, 2.5, None, ["D"]])
async def test_objects_that_do_not_exist(refusal: Refusal, kind: object):
    assert (await refusal("productrow_list", {"ownerType": kind, "ownerId": 1})).startswith("ownerType: ")


@pytest.mark.parametrize(
    ("filter", "why"),
    [
        ({"cost": 1}, "there is no field 'cost' in 'cost'; fields: "),
        ({"PRICE": 1}, "there is no field 'PRICE' in 'PRICE'; fields: "),
        ({"~price": 1}, "there is no field '~price' in '~price'; fields: "),
        ({">price": [1, 2]}, ">price takes one value; for a list write @price"),
        ({"price": {"min": 1}}, "price takes one value; for a list write @price"),
        ({"@id": 5}, "@id takes a list of values"),
        ({"@id": []}, "@id takes a list of values"),
        ({"=ownerId": 7}, "the owner is given by ownerType and ownerId, not by the filter"),
        ({"logic": "OR"}, "there is no field 'logic'"),
    ],
    ids=str,
)
async def test_conditions_that_no_portal_would_honour(refusal: Refusal, filter: dict[str, Any], why: str):
    assert (await refusal("productrow_list", {**DEAL, "filter": filter})).startswith(f"filter: {why}")


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("productrow_list", DEAL),
        ("payment_list", {"entityTypeId": 2, "entityId": 1}),
        ("delivery_list", {"entityTypeId": 2, "entityId": 1}),
        ("payment_product_list", {"paymentId": 1}),
        ("payment_delivery_list", {"paymentId": 1}),
        ("orderentity_list", {}),
    ],
)
async def test_every_list_checks_its_filter_and_order(refusal: Refusal, name: str, owner: dict[str, Any]):
    assert "there is no field 'nonsense'" in await refusal(name, {**owner, "filter": {"=nonsense": 1}})
    assert "there is no field 'nonsense'" in await refusal(name, {**owner, "order": {"nonsense": "asc"}})
    identity = "orderId" if name == "orderentity_list" else "id"
    assert f"{identity} takes asc or desc" in await refusal(name, {**owner, "order": {identity: "up"}})
    assert (await refusal(name, {**owner, "filter": "price > 5"})).startswith("filter: ")
    assert (await refusal(name, {**owner, "filter": [1]})).startswith("filter: ")


async def test_a_selection_of_a_field_that_bindings_do_not_have(refusal: Refusal):
    assert await refusal("orderentity_list", {"select": ["id"]}) == (
        "select: there is no field 'id'; fields: orderId, ownerId, ownerTypeId"
    )
