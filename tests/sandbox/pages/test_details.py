"""The page of a deal or an invoice."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from .conftest import Visitor, words

pytestmark = pytest.mark.anyio


async def told(visitor: Visitor, path: str) -> str:
    """The text of a page's main part."""
    page = (await visitor.get(path)).text
    return words(page[page.index("<main") : page.index("</main>")])


async def test_a_deal_shows_its_rows_payments_deliveries_and_orders(visitor: Visitor):
    assert await told(visitor, "/crm/deal/details/13160/") == snapshot(
        "Deal 13160 Chargers and cases by link Mia Laurent · stage PREPAYMENT_INVOICE · created 14 Jun 2024, 16:30 "
        "Total 137.90 USD In payments 137.90 USD Paid 0.00 USD Unpaid Product rows 2 in all, priced in USD with "
        "discounts and taxes Product Price Quantity In payments Amount USB-C charger 20 W Row 17670 · tax 20% "
        "included 35.00 2 pcs 2 70.00 Case for iphone 14 Row 17671 · tax 20% included 29.00 2 pcs 2 58.00 Payments "
        "Payment 3689/1 137.90 USD Id 1063 · Bank card · payment page Unpaid USB-C charger 20 W Item 1207 2 × 35.00 "
        "Case for iphone 14 Item 1208 2 × 29.00 Delivery: Courier Item 1209 9.90 Deliveries The shipments of the "
        "orders below Delivery Service Shipped Price 3689/2 Id 4086 Courier Not yet 9.90 USD Orders bound to this "
        "deal Order 3689 14 Jun 2024, 16:30"
    )


async def test_an_invoice_shows_the_same(visitor: Visitor):
    assert await told(visitor, "/crm/type/31/details/2001/") == snapshot(
        "Invoice 2001 Invoice #1 Northwind Offices · stage DT31_2:P · created 2 May 2024, 10:00 Total 478.00 USD In "
        "payments 478.00 USD Paid 478.00 USD Paid Product rows 1 in all, priced in USD with discounts and taxes "
        "Product Price Quantity In payments Amount Toner set Row 17672 239.00 2 pcs 2 478.00 Payments Payment 3690/1 "
        "478.00 USD Id 1064 · Bank transfer · payment page Paid 10 May 2024, 12:00 Toner set Item 1210 2 × 239.00 "
        "Deliveries No deliveries. Orders bound to this invoice Order 3690 2 May 2024, 10:00"
    )


async def test_a_row_shows_what_of_it_is_in_payments_and_how_its_price_came_about(visitor: Visitor):
    payment = await visitor.call("crm.item.payment.add", {"entityId": 13142, "entityTypeId": 2})
    await visitor.call("crm.item.payment.product.add", {"paymentId": payment, "rowId": 17649, "quantity": 2})
    absolute = {"ownerId": 13142, "ownerType": "D", "productName": "Odd", "price": 0.125, "quantity": 2.5}
    await visitor.call(
        "crm.item.productrow.add", {"fields": {**absolute, "discountTypeId": 1, "discountSum": 1.5, "sort": 90}}
    )
    text = await told(visitor, "/crm/deal/details/13142/")
    assert "iphone 14 Row 17649 · discount 10% · tax 10% included 90,000.00 3 pcs 2 270,000.00" in text
    assert "discount 1.50 each 0.13 2.5 pcs 0 0.33" in text


async def test_a_payment_with_many_lines_and_a_deal_with_many_payments_stay_short(visitor: Visitor):
    rows = [{"productName": f"Part {number}", "price": 1, "quantity": 1} for number in range(25)]
    deal = {"ownerId": 13143, "ownerType": "D"}
    answer = await visitor.call("crm.item.productrow.set", {**deal, "productRows": rows})
    payments = [await visitor.call("crm.item.payment.add", {"entityId": 13143, "entityTypeId": 2}) for _ in range(55)]
    for row in answer["productRows"]:
        line = {"paymentId": payments[-1], "rowId": row["id"], "quantity": 1}
        await visitor.call("crm.item.payment.product.add", line)
    text = await told(visitor, "/crm/deal/details/13143/")
    assert "Part 19 Item" in text
    assert "and 5 more" in text
    assert text.count("Nothing in it yet.") == 49
    assert f"Id {payments[-1]} ·" in text
    assert f"Id {payments[4]} ·" not in text
    assert "Only the newest 50 are shown." in text


async def test_a_delivery_of_another_order_counts_nothing_in_a_payment(visitor: Visitor):
    item = {"paymentId": 1040, "deliveryId": 4036}
    payment = await visitor.call("crm.item.payment.add", {"entityId": 13142, "entityTypeId": 2})
    taken = await visitor.call("crm.item.payment.delivery.add", {**item, "paymentId": payment})
    assert taken is None
    own = visitor.portal.store.one("SELECT * FROM payment_item WHERE payment_id = 1040 AND shipment_id = 4072")
    assert own is not None
    await visitor.call("crm.item.payment.delivery.setDelivery", {"id": own["id"], "deliveryId": 4036})
    owner = visitor.portal.store.value(
        "SELECT owner_id FROM order_binding JOIN payment USING (order_id) WHERE payment.id = 1040"
    )
    assert f"Item {own['id']} 0.00" in await told(visitor, f"/crm/deal/details/{owner}/")
    await visitor.call("crm.item.payment.delivery.setDelivery", {"id": own["id"], "deliveryId": 999_999})
    assert f"Delivery Item {own['id']} 0.00" in await told(visitor, f"/crm/deal/details/{owner}/")


@pytest.mark.parametrize(
    "path",
    [
        "/crm/deal/details/1/",
        "/crm/deal/details/x/",
        "/crm/deal/details/-1/",
        "/crm/deal/details/٣/",
        f"/crm/deal/details/{10**30}/",
        "/crm/type/1/details/801/",
        "/crm/type/999/details/1/",
        "/crm/type/x/details/1/",
    ],
)
async def test_what_does_not_exist_is_not_found(visitor: Visitor, path: str):
    assert "There is no deal or invoice of this number." in await visitor.read(path, 404)
