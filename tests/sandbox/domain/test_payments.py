"""Payments: making, paying, changing, listing and deleting them (facts.md §7.13 to §7.19, §9.3, §9.5)."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from .conftest import Desk, OpenDesk

pytestmark = pytest.mark.anyio

NOW = "2026-11-23T12:00:00+02:00"


async def test_a_new_payment_is_empty_unpaid_and_in_the_currency_of_the_deal(desk: Desk):
    payment = await desk("crm.item.payment.add", {"entityId": 13113, "entityTypeId": 2})
    found = await desk("crm.item.payment.get", {"id": payment})
    order = found.pop("accountNumber").removesuffix("/1")
    assert found == snapshot(
        {
            "id": payment,
            "paid": "N",
            "datePaid": None,
            "empPaidId": None,
            "paySystemId": 6,
            "sum": 0,
            "currency": "EUR",
            "paySystemName": "Cash",
        }
    )
    bindings = await desk("crm.orderentity.list", {"filter": {"orderId": order}})
    assert bindings == {"orderEntity": [{"orderId": int(order), "ownerId": 13113, "ownerTypeId": 2}]}


async def test_further_payments_go_into_the_newest_order_and_continue_its_numbers(desk: Desk):
    numbers: list[str] = []
    for _ in range(2):
        id = await desk("crm.item.payment.add", {"entityId": 13123, "entityTypeId": 2})
        numbers.append((await desk("crm.item.payment.get", {"id": id}))["accountNumber"])
    assert numbers == ["3653/4", "3653/5"]
    await desk("crm.orderentity.add", {"fields": {"orderId": 5125, "ownerId": 13123, "ownerTypeId": 2}})
    id = await desk("crm.item.payment.add", {"entityId": 13123, "entityTypeId": 2})
    assert (await desk("crm.item.payment.get", {"id": id}))["accountNumber"] == "5125/1"
    listed = await desk("crm.item.payment.list", {"entityId": 13123, "entityTypeId": 2, "order": {"id": "desc"}})
    assert [payment["accountNumber"] for payment in listed] == [
        "5125/1",
        "3653/5",
        "3653/4",
        "3653/3",
        "3653/2",
        "3653/1",
    ]


async def test_the_number_of_a_deleted_last_payment_comes_again_but_not_its_id(desk: Desk):
    first = await desk("crm.item.payment.add", {"entityId": 13123, "entityTypeId": 2})
    await desk("crm.item.payment.delete", {"id": first})
    second = await desk("crm.item.payment.add", {"entityId": 13123, "entityTypeId": 2})
    assert second == first + 1
    assert (await desk("crm.item.payment.get", {"id": second}))["accountNumber"] == "3653/4"


async def test_a_payment_system_may_be_chosen_at_once(desk: Desk):
    payment = {"entityId": 13142, "entityTypeId": 2}
    id = await desk("crm.item.payment.add", {**payment, "fields": {"paySystemId": "110"}})
    assert (await desk("crm.item.payment.get", {"id": id}))["paySystemName"] == "Bank card"
    request = {**payment, "fields": {"paySystemId": 9}}
    assert await desk.refusal("crm.item.payment.add", request) == (0, "Payment system has not been found")


@pytest.mark.parametrize(
    ("type_id", "id", "text"),
    [
        (999, 1, "Unknown entity type: 999."),
        (1, 801, "Cannot create payment for this entity."),
        (156, 1, "Cannot create payment for this entity."),
        (2, 13123000, "Entity ID #13123000 does not exist."),
        (31, 13142, "Entity ID #13142 does not exist."),
        (2, -1, "Entity ID #-1 does not exist."),
    ],
)
async def test_objects_that_cannot_be_billed(open_desk: OpenDesk, type_id: int, id: int, text: str):
    desk = open_desk(profile="current")
    request = {"entityId": id, "entityTypeId": type_id}
    assert await desk.refusal("crm.item.payment.add", request) == ("0", text)


async def test_an_invoice_is_billed_like_a_deal(desk: Desk):
    id = await desk("crm.item.payment.add", {"entityId": 2004, "entityTypeId": 31})
    listed = await desk("crm.item.payment.list", {"entityId": 2004, "entityTypeId": 31})
    assert [payment["id"] for payment in listed] == [id]


async def test_pay_and_unpay(desk: Desk):
    payment = {"id": 1037}
    assert await desk("crm.item.payment.pay", payment) is True
    paid = await desk("crm.item.payment.get", payment)
    assert (paid["paid"], paid["datePaid"], paid["empPaidId"]) == ("Y", NOW, 1)
    desk.portal.clock.advance(60)
    assert await desk("crm.item.payment.pay", payment) is True
    assert await desk("crm.item.payment.get", payment) == paid
    assert await desk("crm.item.payment.unpay", payment) is True
    assert await desk("crm.item.payment.get", payment) == {**paid, "paid": "N"}
    assert await desk("crm.item.payment.unpay", payment) is True
    assert await desk("crm.item.payment.update", {"id": 1037, "fields": {"paid": "Y"}}) is True
    paid_again = await desk("crm.item.payment.get", payment)
    assert paid_again == {**paid, "datePaid": "2026-11-23T12:01:00+02:00"}


async def test_an_update_changes_the_payment_system_also_of_a_paid_payment(desk: Desk):
    assert await desk("crm.item.payment.update", {"id": 1036, "fields": {"paySystemId": 112, "sum": 5}}) is True
    payment = await desk("crm.item.payment.get", {"id": 1036})
    assert (payment["paySystemId"], payment["paySystemName"], payment["sum"]) == (112, "Bank transfer", 0)
    assert await desk("crm.item.payment.update", {"id": 1036, "fields": {"paid": "N"}}) is True
    assert (await desk("crm.item.payment.get", {"id": 1036}))["paid"] == "N"


async def test_updates_that_are_refused_in_the_order_of_the_checks(open_desk: OpenDesk):
    desk, manager = open_desk(), open_desk("manager")
    update = "crm.item.payment.update"
    assert await desk.refusal(update, {"id": 1, "fields": {"sum": 5}}) == (0, "Empty fields")
    assert await desk.refusal(update, {"id": 1, "fields": []}) == (0, "Empty fields")
    request = {"id": 1, "fields": {"paySystemId": 9}}
    assert await manager.refusal(update, request) == (0, "Payment has not been found")
    request["id"] = 1036
    assert await manager.refusal(update, request) == (0, "Insufficient permissions")
    assert await desk.refusal(update, request) == (0, "Payment system has not been found")
    wrong = {"id": 1036, "fields": {"paid": "maybe", "paySystemId": 110}}
    assert await desk.refusal(update, wrong) == (0, "Value of field 'paid' must be Y or N")


async def test_a_paid_payment_cannot_be_deleted(desk: Desk):
    assert (await desk.refusal("crm.item.payment.delete", {"id": 1036}))[0] == "SALE_PAYMENT_DELETE_EXIST_PAID"
    await desk("crm.item.payment.unpay", {"id": 1036})
    assert await desk("crm.item.payment.delete", {"id": 1036}) is True
    assert await desk.refusal("crm.item.payment.delete", {"id": 1036}) == (0, "Payment has not been found")


async def test_a_deleted_payment_gives_back_what_it_covered(desk: Desk):
    before = await desk.available(13142)
    payment = await desk.pay_for(13142, 17649, 2)
    assert (await desk.available(13142))[17649] == 1
    await desk("crm.item.payment.delete", {"id": payment})
    assert await desk.available(13142) == before


async def test_a_canceled_order_cannot_be_paid(desk: Desk):
    desk.portal.store.run("UPDATE sale_order SET canceled = 'Y' WHERE id = 3653")
    assert (await desk.refusal("crm.item.payment.pay", {"id": 1037}))[0] == "SALE_ORDER_PAID_ORDER_CANCELED"


async def test_lists_of_objects_without_payments(desk: Desk):
    listing = "crm.item.payment.list"
    for request in ({"entityId": 13145, "entityTypeId": 2}, {"entityId": 801, "entityTypeId": 1}):
        assert await desk.answer(listing, request) == {"result": []}
    assert await desk.refusal(listing, {"entityId": 0, "entityTypeId": 2}) == (0, "Insufficient permissions")


async def test_lists_know_the_names_of_sale_payments_and_refuse_others(desk: Desk):
    request = {"entityId": 13123, "entityTypeId": 2, "filter": {"isReturn": "N", ">=dateBill": "2024-05-01"}}
    assert len(await desk("crm.item.payment.list", request)) == 3
    code, text = await desk.refusal("crm.item.payment.list", {**request, "filter": {"payed": "Y"}})
    assert (code, "payed" in text) == (0, True)


@pytest.mark.parametrize(
    "method",
    ["payment.get", "payment.pay", "payment.unpay", "payment.delete", "delivery.get", "payment.product.delete"],
)
@pytest.mark.parametrize("id", [0, -1, 2**63 - 1, "7"])
async def test_ids_that_do_not_exist(desk: Desk, method: str, id: object):
    code, text = await desk.refusal(f"crm.item.{method}", {"id": id})
    assert (code, text.endswith("has not been found")) == (0, True)
