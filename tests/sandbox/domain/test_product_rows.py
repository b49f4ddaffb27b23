"""Product rows: what a new one gets, what a change touches, and the traps (facts.md §7.1 to §7.8)."""

from __future__ import annotations

from typing import Any

import pytest
from inline_snapshot import snapshot

from .conftest import Desk, OpenDesk

pytestmark = pytest.mark.anyio


async def test_a_row_with_nothing_but_a_product(desk: Desk):
    row = await desk.add_row(13145, productId=9608)
    del row["id"]
    assert row == snapshot(
        {
            "ownerId": 13145,
            "ownerType": "D",
            "productId": 9608,
            "productName": "Coffee beans, house blend",
            "price": 0,
            "priceAccount": 0,
            "priceExclusive": 0,
            "priceNetto": 0,
            "priceBrutto": 0,
            "quantity": 1,
            "discountTypeId": 2,
            "discountRate": 0,
            "discountSum": 0,
            "taxIncluded": "N",
            "customized": "Y",
            "measureCode": 166,
            "measureName": "kg",
            "sort": 0,
            "xmlId": "",
            "type": 1,
        }
    )


async def test_a_free_row_gets_the_default_measure_and_no_type_of_the_catalog(desk: Desk):
    row = await desk.add_row(13145, productName="Something else", price="12.345", quantity=1.5)
    assert (row["productId"], row["type"], row["measureCode"]) == (0, 1, 796)
    assert (row["price"], row["quantity"]) == (12.35, 1.5)


async def test_computed_and_unknown_fields_are_ignored(desk: Desk):
    sent: dict[str, Any] = {
        "id": 5,
        "priceNetto": 1,
        "xmlId": "x",
        "storeId": 7,
        "type": 7,
        "customized": "N",
        "nonsense": 1,
    }
    row = await desk.add_row(13145, productId=9601, price=10, **sent)
    assert row["id"] > 17658
    assert (row["priceNetto"], row["xmlId"], row["type"], row["customized"]) == (10, "", 1, "Y")
    assert (await desk.row(row["id"]))["storeId"] is None


async def test_text_is_kept_verbatim(desk: Desk):
    name = "Robert'); DROP TABLE product_row;-- <script>alert(1)</script> \u0000 漢 \U0001f600"
    row = await desk.add_row(13145, productName=name)
    assert (await desk.row(row["id"]))["productName"] == name


async def test_a_discount_without_its_type_is_dropped_without_a_word(desk: Desk):
    row = await desk.add_row(13145, price=100, discountRate=20, discountSum=25)
    assert (row["discountTypeId"], row["discountRate"], row["discountSum"], row["priceNetto"]) == (2, 0, 0, 100)
    row = await desk.add_row(13145, price=100, discountRate=20, discountTypeId=0)
    assert (row["discountTypeId"], row["discountRate"]) == (2, 0)


async def test_on_a_change_the_type_that_the_row_has_counts(desk: Desk):
    row = await desk.add_row(13145, price=100)
    changed = await desk("crm.item.productrow.update", {"id": row["id"], "fields": {"discountRate": 20}})
    assert changed["productRow"]["discountSum"] == 25
    changed = await desk("crm.item.productrow.update", {"id": row["id"], "fields": {"discountTypeId": 0}})
    assert changed["productRow"]["discountSum"] == 0


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"discountTypeId": 1}, "CRM_PRODUCTROW_NORMALIZATION_DISCOUNT_SUM_REQUIRED"),
        ({"discountTypeId": 2, "discountRate": 100}, "CRM_PRODUCTROW_NORMALIZATION_DISCOUNT_SUM_REQUIRED"),
        ({"discountTypeId": 2, "discountSum": 5}, "CRM_PRODUCTROW_NORMALIZATION_DISCOUNT_RATE_REQUIRED"),
        ({"measureCode": 999}, "CRM_PRODUCTROW_NORMALIZATION_MEASURE_INVALID"),
        ({"productId": 1}, "INVALID_ARG_VALUE"),
        ({"productId": -1}, "INVALID_ARG_VALUE"),
        ({"productId": 10**30}, "INVALID_ARG_VALUE"),
        ({"price": -1}, "INVALID_ARG_VALUE"),
        ({"price": "abc"}, "INVALID_ARG_VALUE"),
        ({"price": "NaN"}, "INVALID_ARG_VALUE"),
        ({"price": "1e400"}, "INVALID_ARG_VALUE"),
        ({"price": 1e12}, "INVALID_ARG_VALUE"),
        ({"price": {"a": 1}}, "INVALID_ARG_VALUE"),
        ({"price": 9e10, "quantity": 9e10}, "INVALID_ARG_VALUE"),
        ({"quantity": -2}, "INVALID_ARG_VALUE"),
        ({"quantity": True}, "INVALID_ARG_VALUE"),
        ({"discountTypeId": 3}, "INVALID_ARG_VALUE"),
        ({"discountTypeId": 2, "discountRate": 101}, "INVALID_ARG_VALUE"),
        ({"taxRate": "x"}, "INVALID_ARG_VALUE"),
        ({"taxIncluded": "maybe"}, "INVALID_ARG_VALUE"),
        ({"productName": ["x"]}, "INVALID_ARG_VALUE"),
        ({"sort": 1.5}, "INVALID_ARG_VALUE"),
    ],
)
async def test_values_that_cannot_be_a_row(desk: Desk, fields: dict[str, Any], code: str):
    request = {"fields": {"ownerId": 13145, "ownerType": "D", "price": 1, **fields}}
    assert (await desk.refusal("crm.item.productrow.add", request))[0] == code


async def test_a_total_that_no_number_holds_is_refused(desk: Desk):
    for _ in range(9):
        await desk.add_row(13145, price=9e10, quantity=11)
    request = {"fields": {"ownerId": 13145, "ownerType": "D", "price": 9e10, "quantity": 11}}
    assert await desk.refusal("crm.item.productrow.add", request) == (
        "INVALID_ARG_VALUE",
        "The total of the object is out of range",
    )


@pytest.mark.parametrize(
    ("sent", "kept"),
    [(0, 0), (0.0, None), ("0", 0), ("0.00", 0), ("", None), (None, None), (-5, None), ("20", 20), (7.5, 7.5)],
)
async def test_which_tax_rates_are_none(desk: Desk, sent: object, kept: object):
    row = await desk.add_row(13145, price=1, taxRate=sent)
    assert row["taxRate"] == kept


async def test_the_tax_rate_is_in_the_answer_only_when_it_was_sent(desk: Desk):
    assert "taxRate" not in await desk.add_row(13145, price=1)
    assert (await desk.add_row(13145, price=1, taxRate=None))["taxRate"] is None


async def test_tax_names_exist_in_the_current_generation_only(open_desk: OpenDesk):
    classic, current = open_desk(), open_desk(profile="current")
    for desk, names in [(classic, None), (current, ["No VAT", "VAT 20%", "VAT 7.5%", "VAT 10%"])]:
        ids = [(await desk.add_row(13145, price=1, taxRate=rate))["id"] for rate in (None, 20, 7.5, 20)]
        await desk("crm.item.productrow.update", {"id": ids[3], "fields": {"taxRate": 10}})
        for number, id in enumerate(ids):
            assert (await desk.row(id)).get("taxName") == (names[number] if names else None)
        fields = (await desk("crm.item.productrow.fields"))["fields"]
        assert ("taxName" in fields) == (names is not None)
    added = await current.add_row(13145, price=1, taxRate=20, taxName="Sales tax")
    assert "taxName" not in added
    assert (await current.row(added["id"]))["taxName"] == "Sales tax"


async def test_a_row_in_another_currency_is_accounted_in_the_base_currency(desk: Desk):
    row = await desk.add_row(13113, price=100)
    assert (row["price"], row["priceAccount"]) == (100, 108.5)


async def test_a_row_that_takes_another_product_takes_its_name_measure_and_type(desk: Desk):
    row = await desk.add_row(13145, productId=9601, price=5)
    changed = await desk("crm.item.productrow.update", {"id": row["id"], "fields": {"productId": 9610}})
    assert (changed["productRow"]["productName"], changed["productRow"]["type"]) == ("Assembly on site", 7)
    fields = {"productId": 9607, "productName": "Duct, cut"}
    changed = await desk("crm.item.productrow.update", {"id": row["id"], "fields": fields})
    assert (changed["productRow"]["productName"], changed["productRow"]["measureName"]) == ("Duct, cut", "m")
    changed = await desk("crm.item.productrow.update", {"id": row["id"], "fields": {"productId": 9607, "price": 6}})
    assert changed["productRow"]["productName"] == "Duct, cut"


async def test_an_update_is_refused_only_when_nothing_in_it_can_be_written(desk: Desk):
    row = await desk.add_row(13145, price=5)
    request = {"id": row["id"], "fields": {"priceNetto": 1}}
    assert await desk.refusal("crm.item.productrow.update", request) == (
        "INVALID_ARG_VALUE",
        "Field 'priceNetto' not available for update",
    )
    changed = await desk("crm.item.productrow.update", {"id": row["id"], "fields": {"priceNetto": 1, "price": 6}})
    assert changed["productRow"]["priceNetto"] == 6
    same = await desk("crm.item.productrow.update", {"id": row["id"], "fields": {"ownerId": 13142, "customized": "N"}})
    assert same == changed


async def test_the_total_follows_the_rows(desk: Desk):
    before = await desk.total(13145)
    row = await desk.add_row(13145, price=10.01, quantity=3)
    assert await desk.total(13145) == pytest.approx(before + 30.03)
    await desk("crm.item.productrow.update", {"id": row["id"], "fields": {"quantity": 2.5}})
    assert await desk.total(13145) == pytest.approx(before + 25.03)
    await desk("crm.item.productrow.delete", {"id": row["id"]})
    assert await desk.total(13145) == before
    await desk("crm.item.productrow.set", {"ownerId": 13145, "ownerType": "D", "productRows": []})
    assert await desk.total(13145) == 0


async def test_deliveries_of_the_order_are_part_of_the_total(desk: Desk):
    await desk("crm.item.productrow.set", {"ownerId": 13127, "ownerType": "D", "productRows": []})
    assert await desk.total(13127) == 159.98


async def test_a_total_entered_by_hand_stays(desk: Desk):
    await desk.add_row(13115, price=1000)
    assert await desk.total(13115) == 5000


async def test_the_tax_of_an_object_is_that_of_its_rows(desk: Desk):
    request = {"ownerId": 13145, "ownerType": "D", "productRows": [{"price": 120, "quantity": 2, "taxRate": 20}]}
    await desk("crm.item.productrow.set", request)
    item = await desk("crm.item.get", {"entityTypeId": 2, "id": 13145})
    assert (item["item"]["opportunity"], item["item"]["taxValue"]) == (240, 40)


async def test_set_keeps_rows_that_stay_as_they_are_and_recreates_the_others(desk: Desk):
    first, second = 17654, 17655
    wanted = [
        {"productId": 9623, "price": 15900, "quantity": 2, "sort": 10},
        {"productId": 9621, "price": 99999.99, "quantity": 2, "sort": 10, "id": first},
        {"nonsense": 1},
        {},
    ]
    request = {"ownerId": 13143, "ownerType": "d", "productRows": wanted}
    rows = (await desk("crm.item.productrow.set", request))["productRows"]
    assert [row["quantity"] for row in rows] == [2, 2]
    assert rows[0]["id"] == second
    assert rows[1]["id"] > 17658
    assert (await desk.answer("crm.item.productrow.get", {"id": first}))["error"] == "NOT_FOUND"


async def test_set_in_the_current_generation_keeps_the_row_that_an_id_names(open_desk: OpenDesk):
    desk = open_desk(profile="current")
    wanted = [{"id": "17654", "productId": 9621, "price": 5, "quantity": 2}, {"id": 17650, "price": 7}]
    rows = (await desk("crm.item.productrow.set", {"ownerId": 13143, "ownerType": "D", "productRows": wanted}))[
        "productRows"
    ]
    assert (rows[0]["id"], rows[0]["price"]) == (17654, 5)
    assert rows[1]["id"] > 17658
    assert (await desk.row(17650))["ownerId"] == 13142


async def test_a_row_named_by_id_is_not_taken_by_one_that_is_like_it(open_desk: OpenDesk):
    desk = open_desk(profile="current")
    like = {"productId": 9621, "price": 99999.99, "quantity": 1, "sort": 10}
    request = {"ownerId": 13143, "ownerType": "D", "productRows": [like, {**like, "id": 17654, "sort": 5}]}
    rows = (await desk("crm.item.productrow.set", request))["productRows"]
    assert (rows[0]["id"], rows[0]["sort"]) == (17654, 5)
    assert rows[1]["id"] > 17658


async def test_set_changes_everything_or_nothing(desk: Desk):
    for wrong in ({"productId": 1}, "text", {"price": "x"}):
        request = {"ownerId": 13143, "ownerType": "D", "productRows": [{"price": 1}, wrong]}
        assert (await desk.refusal("crm.item.productrow.set", request))[0] == "INVALID_ARG_VALUE"


async def test_removed_rows_leave_their_unpaid_payments(desk: Desk):
    row = await desk.add_row(13142, price=50, quantity=4)
    payment = await desk.pay_for(13142, row["id"], 2)
    await desk("crm.item.payment.product.add", {"paymentId": payment, "rowId": 17650, "quantity": 1})
    assert await desk.sum(payment) == 5650
    assert await desk("crm.item.productrow.delete", {"id": row["id"]}) is None
    items = await desk("crm.item.payment.product.list", {"paymentId": payment})
    assert [item["rowId"] for item in items] == [17650]
    assert await desk.sum(payment) == 5550
    await desk("crm.item.productrow.set", {"ownerId": 13142, "ownerType": "D", "productRows": []})
    assert await desk("crm.item.payment.product.list", {"paymentId": payment}) == []
    assert await desk.sum(payment) == 0


async def test_rows_of_paid_payments_and_of_shipped_goods_cannot_be_removed(desk: Desk):
    row = await desk.add_row(13142, price=50, quantity=4)
    payment = await desk.pay_for(13142, row["id"], 2)
    await desk("crm.item.payment.pay", {"id": payment})
    calls: list[tuple[str, dict[str, Any]]] = [
        ("crm.item.productrow.delete", {"id": row["id"]}),
        ("crm.item.productrow.set", {"ownerId": 13142, "ownerType": "D", "productRows": []}),
    ]
    for method, request in calls:
        assert (await desk.refusal(method, request))[0] == "SALE_PAYMENT_NOT_ALLOWED_CHANGE_SUM"
    shipped = (await desk("crm.item.productrow.list", {"filter": {"=ownerType": "D", "=ownerId": 13101}}))[
        "productRows"
    ]
    assert (await desk.refusal("crm.item.productrow.delete", {"id": shipped[0]["id"]}))[0] == (
        "SALE_BASKET_ITEM_REMOVE_IMPOSSIBLE_BECAUSE_SHIPPED"
    )


@pytest.mark.parametrize(
    ("owner_type", "owner_id", "code"),
    [
        ("X", 1, "ENTITY_TYPE_NOT_SUPPORTED"),
        ("I", 101, "ENTITY_TYPE_NOT_SUPPORTED"),
        ("C", 31, "ENTITY_TYPE_NOT_SUPPORTED"),
        ("Tb1", 1, "ENTITY_TYPE_NOT_SUPPORTED"),
        ("Tzz", 1, "ENTITY_TYPE_NOT_SUPPORTED"),
        ("T" + "9" * 40, 1, "ENTITY_TYPE_NOT_SUPPORTED"),
        (None, 1, "ENTITY_TYPE_NOT_SUPPORTED"),
        ("D", 1, "OWNER_NOT_FOUND"),
        ("D", -1, "OWNER_NOT_FOUND"),
        ("D", 10**30, "OWNER_NOT_FOUND"),
        ("D", "abc", "OWNER_NOT_FOUND"),
        ("D", 13142.5, "OWNER_NOT_FOUND"),
    ],
)
async def test_owners_that_cannot_have_rows(desk: Desk, owner_type: object, owner_id: object, code: str):
    request = {"fields": {"ownerType": owner_type, "ownerId": owner_id, "price": 1}}
    assert (await desk.refusal("crm.item.productrow.add", request))[0] == code


@pytest.mark.parametrize(("owner_type", "owner_id"), [("l", 801), ("Q", 501), ("si", 2001), ("t9C", 1), ("d", 13142)])
async def test_owners_that_have_rows_in_any_case(desk: Desk, owner_type: str, owner_id: int):
    request = {"fields": {"ownerType": owner_type, "ownerId": str(owner_id), "price": 1}}
    added = (await desk("crm.item.productrow.add", request))["productRow"]
    assert added["ownerType"].lower() == owner_type.lower()
    listed = await desk("crm.item.productrow.list", {"filter": {"=ownerType": owner_type, "=ownerId": owner_id}})
    assert added["id"] in [row["id"] for row in listed["productRows"]]
    assert {row["ownerType"] for row in listed["productRows"]} == {added["ownerType"]}


async def test_contacts_and_companies_read_as_empty(desk: Desk):
    for owner_type, owner_id in (("C", 31), ("CO", 21)):
        owner = {"ownerType": owner_type, "ownerId": owner_id}
        assert await desk("crm.item.productrow.getAvailableForPayment", owner) == {"productRows": []}
        filter = {"=ownerType": owner_type, "=ownerId": owner_id}
        assert await desk("crm.item.productrow.list", {"filter": filter}) == {"productRows": []}


async def test_a_list_of_an_object_that_is_not_there(open_desk: OpenDesk):
    request = {"filter": {"=ownerType": "D", "=ownerId": 1}}
    classic, current, manager = open_desk(), open_desk(profile="current"), open_desk("manager")
    assert await classic("crm.item.productrow.list", request) == {"productRows": []}
    assert await current.refusal("crm.item.productrow.list", request) == ("ACCESS_DENIED", "Access denied")
    assert await manager.refusal("crm.item.productrow.list", request) == ("ACCESS_DENIED", "Access denied")
    unsupported = {"filter": {"=ownerType": "I", "=ownerId": 101}}
    assert await classic.refusal("crm.item.productrow.list", unsupported) == ("ACCESS_DENIED", "Access denied")


async def test_a_missing_row_in_both_generations(open_desk: OpenDesk):
    classic, current = open_desk(), open_desk(profile="current")
    for method in ("get", "delete"):
        name = f"crm.item.productrow.{method}"
        assert await classic.refusal(name, {"id": 1}) == ("NOT_FOUND", "Element not found")
        assert await current.refusal(name, {"id": -1}) == ("NOT_FOUND", "Item was not found.")
    await classic("crm.item.productrow.delete", {"id": 17655})
    assert (await classic.refusal("crm.item.productrow.delete", {"id": 17655}))[0] == "NOT_FOUND"
