"""What a payment covers: products, deliveries, and the sum (facts.md §7.21 to §7.28, §9.4, §9.6)."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Desk, OpenDesk

pytestmark = pytest.mark.anyio

ADD = "crm.item.payment.product.add"
SET = "crm.item.payment.product.setQuantity"


async def test_a_row_enters_the_order_with_its_first_payment(desk: Desk):
    row = await desk.add_row(13145, price=100, quantity=3)
    payment = await desk.pay_for(13145, row["id"], 2)
    mirrored = (await desk.row(row["id"]))["xmlId"]
    assert mirrored.startswith("sale_basket_")
    assert await desk.sum(payment) == 200
    await desk(ADD, {"paymentId": payment, "rowId": row["id"], "quantity": 1})
    assert (await desk.row(row["id"]))["xmlId"] == mirrored
    assert row["id"] not in await desk.available(13145)


async def test_a_repeated_product_makes_a_second_item_in_the_classic_generation_and_null_in_the_current(
    open_desk: OpenDesk,
):
    for profile, items in (("classic", [1, 1]), ("current", [1])):
        desk = open_desk(profile=profile)
        payment = await desk.pay_for(13142, 17649, 1)
        again = await desk(ADD, {"paymentId": payment, "rowId": 17649, "quantity": 1})
        assert (again is None) == (profile == "current")
        listed = await desk("crm.item.payment.product.list", {"paymentId": payment})
        assert [item["quantity"] for item in listed] == items
        assert await desk.sum(payment) == 90000 * len(items)


async def test_what_is_available_counts_paid_and_unpaid_payments_alike(desk: Desk):
    assert await desk.available(13142) == {17650: 1, 17649: 3, 17648: 3}
    payment = await desk.pay_for(13142, 17649, 1)
    await desk("crm.item.payment.pay", {"id": payment})
    other = await desk.pay_for(13142, 17649, 1)
    assert (await desk.available(13142))[17649] == 1
    assert await desk.refusal(ADD, {"paymentId": other, "rowId": 17649, "quantity": 2}) == (
        0,
        "Insufficient product stock.",
    )
    await desk(ADD, {"paymentId": other, "rowId": 17649, "quantity": 1})
    assert await desk.refusal(ADD, {"paymentId": other, "rowId": 17649, "quantity": 1}) == (0, "Product was not found.")


async def test_a_row_reduced_below_what_is_billed_has_nothing_available(desk: Desk):
    payment = await desk.pay_for(13142, 17649, 3)
    await desk("crm.item.productrow.update", {"id": 17649, "fields": {"quantity": 2}})
    assert 17649 not in await desk.available(13142)
    item = (await desk("crm.item.payment.product.list", {"paymentId": payment}))[0]["id"]
    assert (await desk.refusal(SET, {"id": item, "quantity": 3}))[1] == "Insufficient product stock."
    assert await desk(SET, {"id": item, "quantity": 2}) is True
    await desk("crm.item.productrow.update", {"id": 17649, "fields": {"quantity": 5}})
    assert (await desk.available(13142))[17649] == 3


async def test_several_orders_of_one_object_are_too_many(desk: Desk):
    await desk("crm.orderentity.add", {"fields": {"orderId": 5125, "ownerId": 13142, "ownerTypeId": 2}})
    request = {"ownerId": 13142, "ownerType": "D"}
    assert await desk.refusal("crm.item.productrow.getAvailableForPayment", request) == (
        0,
        "This method does not support multiple orders.",
    )


async def test_the_sum_of_a_taxed_row_is_without_the_tax_unless_the_price_includes_it(desk: Desk):
    for included, total in (("Y", 240), ("N", 200)):
        row = await desk.add_row(13145, price=120, quantity=2, taxRate=20, taxIncluded=included)
        assert await desk.sum(await desk.pay_for(13145, row["id"], 2)) == total


async def test_a_changed_price_reaches_the_sum_with_the_next_change_of_an_item(desk: Desk):
    row = await desk.add_row(13145, price=100, quantity=5)
    payment = await desk.pay_for(13145, row["id"], 2)
    await desk("crm.item.productrow.update", {"id": row["id"], "fields": {"price": 110}})
    assert await desk.sum(payment) == 200
    item = (await desk("crm.item.payment.product.list", {"paymentId": payment}))[0]["id"]
    await desk(SET, {"id": item, "quantity": 3})
    assert await desk.sum(payment) == 330


async def test_rows_of_an_invoice_are_not_carried_into_its_order(desk: Desk):
    request = {"fields": {"ownerId": 2004, "ownerType": "SI", "price": 100, "quantity": 5}}
    row = (await desk("crm.item.productrow.add", request))["productRow"]["id"]
    payment = await desk("crm.item.payment.add", {"entityId": 2004, "entityTypeId": 31})
    item = await desk(ADD, {"paymentId": payment, "rowId": row, "quantity": 1})
    await desk("crm.item.productrow.update", {"id": row, "fields": {"price": 110}})
    await desk(SET, {"id": item, "quantity": 2})
    assert await desk.sum(payment) == 200


async def test_quantities_are_whole_and_positive(desk: Desk):
    payment = await desk("crm.item.payment.add", {"entityId": 13142, "entityTypeId": 2})
    for quantity in (0, -1):
        request = {"paymentId": 1, "rowId": 17649, "quantity": quantity}
        assert await desk.refusal(ADD, request) == (0, "Product quantity must be greater than zero.")
        assert (await desk.refusal(SET, {"id": 1, "quantity": quantity}))[1] == (
            "Product quantity must be greater than zero."
        )
    assert (await desk.refusal(ADD, {"paymentId": payment, "rowId": 17649, "quantity": 1.5}))[0] == 100
    assert (await desk.refusal(ADD, {"paymentId": payment, "rowId": 17649, "quantity": 2**62}))[1] == (
        "Insufficient product stock."
    )
    assert await desk(ADD, {"paymentId": payment, "rowId": 17649, "quantity": "2"}) > 1201


async def test_the_items_of_a_paid_payment_are_locked(open_desk: OpenDesk):
    refusals = {"classic": (0, "Insufficient permissions"), "current": ("ACCESS_DENIED", "Access denied")}
    for profile, refusal in refusals.items():
        desk = open_desk(profile=profile)
        for payment in (1039, 1040):
            await desk("crm.item.payment.pay", {"id": payment})
        calls: list[tuple[str, dict[str, Any]]] = [
            ("product.add", {"paymentId": 1039, "rowId": 17587, "quantity": 1}),
            ("product.setQuantity", {"id": 1195, "quantity": 1}),
            ("product.delete", {"id": 1195}),
            ("delivery.add", {"paymentId": 1039, "deliveryId": 4072}),
            ("delivery.setDelivery", {"id": 1199, "deliveryId": 4073}),
            ("delivery.delete", {"id": 1199}),
        ]
        for method, request in calls:
            assert await desk.refusal(f"crm.item.payment.{method}", request) == refusal
        assert len(await desk("crm.item.payment.product.list", {"paymentId": 1039})) == 2


async def test_rows_that_cannot_be_billed(desk: Desk):
    payment = await desk("crm.item.payment.add", {"entityId": 13142, "entityTypeId": 2})
    for row in (17587, 1, -1):
        request = {"paymentId": payment, "rowId": row, "quantity": 1}
        assert await desk.refusal(ADD, request) == (0, "Product was not found.")


async def test_an_order_without_a_binding_or_without_its_object(desk: Desk):
    payment = await desk.pay_for(13142, 17649, 1)
    order = int((await desk("crm.item.payment.get", {"id": payment}))["accountNumber"].split("/")[0])
    binding = {"orderId": order, "ownerId": 13142, "ownerTypeId": 2}
    await desk("crm.orderentity.deleteByFilter", {"fields": binding})
    request = {"paymentId": payment, "rowId": 17649, "quantity": 1}
    assert await desk.refusal(ADD, request) == (0, "Order binding has not been found")
    items = await desk("crm.item.payment.product.list", {"paymentId": payment})
    assert items == [{"id": items[0]["id"], "paymentId": payment, "quantity": 1, "entityId": 8147}]
    assert (await desk.available(13142))[17649] == 3
    assert (await desk.refusal(SET, {"id": items[0]["id"], "quantity": 4}))[1] == "Insufficient product stock."
    assert await desk(SET, {"id": items[0]["id"], "quantity": 3}) is True
    await desk("crm.orderentity.add", {"fields": {**binding, "ownerId": 77}})
    assert await desk.refusal(ADD, request) == (0, "Entity does not support links with catalog products")
    again = await desk("crm.item.payment.add", {"entityId": 13142, "entityTypeId": 2})
    await desk(ADD, {"paymentId": again, "rowId": 17649, "quantity": 2})
    assert (await desk.row(17649))["xmlId"] != "sale_basket_8147"


async def test_lists_filter_by_id_and_quantity(desk: Desk):
    async def ids(filter: dict[str, Any], order: dict[str, Any] | None = None) -> list[int]:
        request = {"paymentId": 1039, "filter": filter, "order": order or {}}
        return [item["id"] for item in await desk("crm.item.payment.product.list", request)]

    assert await ids({}) == [1195, 1196]
    assert await ids({">quantity": 2}) == [1196]
    assert await ids({"!@id": [1196]}, {"quantity": "desc"}) == [1195]
    assert await ids({}, {"quantity": "desc"}) == [1196, 1195]
    assert (await desk.refusal("crm.item.payment.product.list", {"paymentId": 1039, "filter": {"rowId": 1}}))[0] == 0


async def test_products_and_deliveries_of_a_payment_do_not_answer_to_each_other(desk: Desk):
    missing = (0, "Payable item has not been found")
    assert await desk.refusal("crm.item.payment.delivery.delete", {"id": 1195}) == missing
    assert await desk.refusal("crm.item.payment.product.delete", {"id": 1199}) == missing
    assert await desk.refusal("crm.item.payment.delivery.setDelivery", {"id": 1195, "deliveryId": 4072}) == missing
    assert await desk.refusal(SET, {"id": 1199, "quantity": 1}) == missing


async def test_deliveries_add_to_the_sum(desk: Desk):
    before = await desk.sum(1039)
    item = await desk("crm.item.payment.delivery.add", {"paymentId": 1039, "deliveryId": 4073})
    assert await desk.sum(1039) == pytest.approx(before + 79.99)
    assert await desk("crm.item.payment.delivery.add", {"paymentId": 1039, "deliveryId": 4073}) == item
    assert await desk.sum(1039) == pytest.approx(before + 79.99)
    for foreign in (4077, 1):
        request = {"paymentId": 1039, "deliveryId": foreign}
        code, text = await desk.refusal("crm.item.payment.delivery.add", request)
        assert (code, text) == (0, "Shipment was not found")
    await desk("crm.item.payment.delivery.delete", {"id": item})
    assert await desk.sum(1039) == before


async def test_another_delivery_is_set_without_a_check(desk: Desk):
    before = await desk.sum(1040)
    for unknown in (4077, 999999, -1):
        assert await desk("crm.item.payment.delivery.setDelivery", {"id": 1201, "deliveryId": unknown}) is True
        listed = await desk("crm.item.payment.delivery.list", {"paymentId": 1040, "filter": {"id": 1201}})
        assert listed == [{"id": 1201, "paymentId": 1040, "quantity": 1, "deliveryId": unknown}]
        assert await desk.sum(1040) == pytest.approx(before - 79.99)
    await desk("crm.item.payment.delivery.setDelivery", {"id": 1201, "deliveryId": 4072})
    assert await desk.sum(1040) == pytest.approx(before - 30)
