"""What a person reads before they agree: everything that would go or change, with amounts, and how to undo it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from bitrix24_commerce.sandbox import Portal
from inline_snapshot import snapshot
from mcp import Client

from .clients import client_of, text_of

pytestmark = pytest.mark.anyio


@pytest.fixture
async def client(sandbox: Portal) -> AsyncIterator[Client]:
    async with client_of(sandbox.webhook_url()) as client:
        yield client


async def preview(client: Client, name: str, **arguments: Any) -> str:
    """The lines between the first, which says that nothing was done yet, and the last, which says how to go on."""
    _, *lines, _ = text_of(await client.call_tool(name, arguments)).splitlines()
    return "\n".join(lines)


async def test_setting_rows_names_every_row_and_payment_item_that_would_go(client: Client):
    rows = [
        {"id": 17587, "productId": 9623, "price": 15900, "quantity": 4, "taxRate": 20, "taxIncluded": "Y"},
        {"productName": "Carrying to the third floor", "price": 25},
    ]
    assert await preview(client, "productrow_set", ownerType="D", ownerId=13126, productRows=rows) == snapshot("""\
Replace all 2 product rows of deal 13126 by 2
- goes: row 17588 Standing desk 160 × 80, 10 × 649 = 6490
- changes: row 17587 iphone 10xs: quantity 10 → 4
- new: Carrying to the third floor, 1 × 25 = 25
- goes too: item 1195: 2 × iphone 10xs = 31800 (row 17587), of payment 1039 no. 3655/1, 33747.00 USD, unpaid
- goes too: item 1196: 3 × Standing desk 160 × 80 = 1947 (row 17588), of payment 1039 no. 3655/1, 33747.00 USD, unpaid
- goes too: item 1194: 1 × Standing desk 160 × 80 = 649 (row 17588), of payment 1040 no. 3655/2, 778.98 USD, unpaid
Then: total 165619.98 USD → 63754.98 USD
Undo: productrow_set with the old rows makes them anew, with other ids; payment items must be added again\
""")


async def test_clearing_rows_of_which_one_is_paid_for(client: Client):
    assert await preview(client, "productrow_set", ownerType="D", ownerId=13155, productRows=[]) == snapshot("""\
Replace all 2 product rows of deal 13155 by 0
- goes: row 17667 Wall paint, white, 50 × 12.9 = 645
- goes: row 17668 Brushes and tape, 1 × 80 = 80
- goes too: item 1206: 1 × Brushes and tape = 80 (row 17668), of payment 1044 no. 3665/1, 80.00 USD, PAID
Then: total 745.00 USD → 20.00 USD
Undo: productrow_set with the old rows makes them anew, with other ids; payment items must be added again\
""")


async def test_clearing_rows_of_a_deal_whose_total_is_kept_by_hand(client: Client):
    assert await preview(client, "productrow_set", ownerType="D", ownerId=13115, productRows=[]) == snapshot("""\
Replace all 2 product rows of deal 13115 by 0
- goes: row 17536 Office chair Comfort, 20 × 189 = 3780
- goes: row 17537 Meeting table, oak, 1 × 1190 = 1190
Then: the object's total is kept by hand and does not follow its rows
Undo: productrow_set with the old rows makes them anew, with other ids; payment items must be added again\
""")


async def test_setting_rows_where_there_are_none(sandbox: Portal, client: Client):
    sandbox.call("crm.item.productrow.set", {"ownerType": "SI", "ownerId": 2004, "productRows": []})
    assert await preview(client, "productrow_set", ownerType="SI", ownerId=2004, productRows=[]) == snapshot("""\
Replace all 0 product rows of smart invoice 2004 by 0
- it has no rows, and none are sent
Then: total 0.00 USD → 0.00 USD
Undo: productrow_set with the old rows makes them anew, with other ids; payment items must be added again\
""")


async def test_deleting_a_row_that_is_billed(client: Client):
    assert await preview(client, "productrow_delete", id=17587) == snapshot("""\
Delete product row 17587 of deal 13126
- goes: row 17587 iphone 10xs, 10 × 15900 = 159000
- goes too: item 1195: 2 × iphone 10xs = 31800 (row 17587), of payment 1039 no. 3655/1, 33747.00 USD, unpaid
Then: total 165619.98 USD → 6619.98 USD
Undo: productrow_add makes a new row with another id; payment items must be added again\
""")


async def test_deleting_a_row_of_a_smart_process(client: Client):
    assert await preview(client, "productrow_delete", id=17505) == snapshot("""\
Delete product row 17505 of smart process T9c 1
- goes: row 17505 Whiteboard 120 × 90, 4 × 129 = 516
Then: total 541.00 USD → 25.00 USD
Undo: productrow_add makes a new row with another id; payment items must be added again\
""")


async def test_deleting_a_payment_names_all_its_items(client: Client):
    assert await preview(client, "payment_delete", id=1040) == snapshot("""\
Delete payment 1040 no. 3655/2: 778.98 USD, unpaid
- goes: item 1194: 1 × Standing desk 160 × 80 = 649 (row 17588)
- goes: item 1199: delivery 4072 no. 3655/2 Uber Taxi (Cargo), 49.99 USD
- goes: item 1201: delivery 4073 no. 3655/3 Uber Taxi (Cargo), 79.99 USD
Then: the quantities can be billed again; order, rows and deliveries stay
Undo: not possible; a new payment gets another id and another link\
""")


async def test_deleting_an_empty_payment(client: Client):
    assert await preview(client, "payment_delete", id=1035) == snapshot("""\
Delete payment 1035 no. 3652/1: 0.00 USD, unpaid
- it holds no items
Undo: not possible; a new payment gets another id and another link\
""")


async def test_a_paid_payment_cannot_be_deleted_and_nobody_is_asked_to(client: Client):
    assert text_of(await client.call_tool("payment_delete", {"id": 1042})) == (
        "SALE_PAYMENT_DELETE_EXIST_PAID: payment 1042 is paid. Nothing was changed. "
        "The same call again will fail again. Next: Set it unpaid with payment_unpay first."
    )


async def test_an_item_that_the_named_payment_does_not_hold(client: Client):
    assert text_of(await client.call_tool("payment_product_delete", {"id": 1195, "paymentId": 1040})) == (
        "ITEM_NOT_FOUND: payment 1040 holds no item 1195 of this kind. Nothing was changed. "
        "The same call again will fail again. Next: List the records to find the right id."
    )


async def test_setting_a_payment_unpaid(client: Client):
    assert await preview(client, "payment_unpay", id=1042) == snapshot("""\
Set payment 1042 no. 3663/1 (160143.00 USD) unpaid
- paid Y → N
Then: its items can be changed again; the date paid and who paid stay on record
Undo: payment_pay with id 1042\
""")
    assert await preview(client, "payment_unpay", id=1037) == snapshot("""\
Set payment 1037 no. 3653/2 (0.00 USD) unpaid: it is unpaid already
- paid N → N
Then: its items can be changed again; the date paid and who paid stay on record
Undo: payment_pay with id 1037\
""")


async def test_an_unpay_by_another_name(client: Client):
    assert await preview(client, "payment_update", id=1042, paid="N", paySystemId=6) == snapshot("""\
Set payment 1042 no. 3663/1 (160143.00 USD) unpaid
- paid Y → N
- paySystemId 110 → 6
Then: its items can be changed again; the date paid and who paid stay on record
Undo: payment_pay with id 1042\
""")


async def test_product_items(client: Client):
    assert await preview(client, "payment_product_delete", id=1195, paymentId=1039) == snapshot("""\
Delete product item 1195 of payment 1039 no. 3655/1, 33747.00 USD, unpaid
- goes: item 1195: 2 × iphone 10xs = 31800 (row 17587)
Then: the payment's sum falls by 31800.00 USD; the quantity can be billed again
Undo: payment_product_add puts it back under another id\
""")
    assert await preview(client, "payment_product_set_quantity", id=1195, paymentId=1039, quantity=3) == snapshot("""\
Set product item 1195 to quantity 3 in payment 1039 no. 3655/1, 33747.00 USD, unpaid
- item 1195: 2 × iphone 10xs = 31800 (row 17587) → item 1195: 3 × iphone 10xs = 47700 (row 17587)
Then: the payment's sum grows by 15900.00 USD
Undo: payment_product_set_quantity with quantity 2\
""")


async def test_an_item_whose_payment_nobody_has_named(client: Client):
    assert await preview(client, "payment_product_delete", id=1195) == snapshot("""\
Delete product item 1195
- item 1195: the portal cannot show an item by its id alone; give paymentId to see what it holds
Then: the payment's sum is computed anew; the quantity can be billed again
Undo: payment_product_add puts it back under another id\
""")
    await client.call_tool("payment_product_list", {"paymentId": 1039})
    assert await preview(client, "payment_product_delete", id=1195) == snapshot("""\
Delete product item 1195 of payment 1039 no. 3655/1, 33747.00 USD, unpaid
- goes: item 1195: 2 × iphone 10xs = 31800 (row 17587)
Then: the payment's sum falls by 31800.00 USD; the quantity can be billed again
Undo: payment_product_add puts it back under another id\
""")


async def test_delivery_items(client: Client):
    assert await preview(client, "payment_delivery_delete", id=1201, paymentId=1040) == snapshot("""\
Delete delivery item 1201 of payment 1040 no. 3655/2, 778.98 USD, unpaid
- goes: delivery 4073 no. 3655/3 Uber Taxi (Cargo), 79.99 USD
Then: the payment's sum falls by 79.99 USD; the delivery itself stays
Undo: payment_delivery_add puts it back under another id\
""")
    moved = {"id": 1201, "paymentId": 1040, "deliveryId": 4072}
    assert await preview(client, "payment_delivery_set_delivery", **moved) == snapshot("""\
Let delivery item 1201 stand for delivery 4072 in payment 1040 no. 3655/2, 778.98 USD, unpaid
- delivery 4073 no. 3655/3 Uber Taxi (Cargo), 79.99 USD → delivery 4072 no. 3655/2 Uber Taxi (Cargo), 49.99 USD
Then: the payment's sum is computed anew
Undo: payment_delivery_set_delivery with deliveryId 4073\
""")


async def test_bindings(client: Client):
    binding = {"orderId": 5125, "ownerTypeId": 2}
    assert await preview(client, "orderentity_add", **binding, ownerId=6937) == snapshot("""\
Move order 5125 from deal 6933 to deal 6937
- bound to deal 6933 → deal 6937
Then: its payments and deliveries are no longer listed for deal 6933
Undo: orderentity_add with ownerTypeId 2, ownerId 6933\
""")
    assert await preview(client, "orderentity_delete_by_filter", **binding, ownerId=6933) == snapshot("""\
Unbind order 5125 from deal 6933
- goes: the binding of order 5125 to deal 6933
Then: its payments and deliveries are no longer listed for deal 6933; a new payment there makes a new order
Undo: orderentity_add with the same arguments\
""")
