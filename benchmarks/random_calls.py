"""Calls that a busy team might make on three deals: writes that change something as the deals stand, and reads.

One write in twenty addresses a record that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from bitrix24_commerce.sandbox.registry import Refusal

from tests.rest.settled import Settled

Call = tuple[str, dict[str, Any]]
_DEALS = (13141, 13142, 13144)
_MISSING = 999_999
_SOMEWHERE_ELSE = 6933


def random_write(client: Settled, random: Random) -> Call:
    """A write that the portal will carry out and that changes something, mostly."""
    while True:
        deal = random.choice(_DEALS)
        call = random.choice(_WRITES)(client, random, deal)
        if call is not None:
            return (call[0], {**call[1], "id": _MISSING}) if "id" in call[1] and random.random() < 0.05 else call


def random_read(client: Settled, random: Random) -> Call:
    """One of the reads that a deal's page is made of."""
    deal = random.choice(_DEALS)
    owner = {"ownerType": "D", "ownerId": deal}
    calls: list[Call] = [
        ("crm.item.productrow.list", {"filter": {"=ownerType": "D", "=ownerId": deal}, "order": {"id": "asc"}}),
        ("crm.item.productrow.getAvailableForPayment", owner),
        ("crm.item.payment.list", {"entityId": deal, "entityTypeId": 2}),
        ("crm.item.delivery.list", {"entityId": deal, "entityTypeId": 2}),
        ("crm.orderentity.list", {"filter": {"=ownerId": deal, "=ownerTypeId": 2}}),
    ]
    return random.choice(calls)


def _row_add(client: Settled, random: Random, deal: int) -> Call | None:
    if len(_rows(client, deal)) > 8:
        return None
    fields = {"ownerType": "D", "ownerId": deal, "productId": 9621, "price": random.randrange(1, 900), "quantity": 9}
    return "crm.item.productrow.add", {"fields": fields}


def _row_update(client: Settled, random: Random, deal: int) -> Call | None:
    rows = _rows(client, deal)
    if not rows:
        return None
    row = random.choice(rows)
    return "crm.item.productrow.update", {"id": row["id"], "fields": {"price": row["price"] + random.randrange(1, 99)}}


def _row_delete(client: Settled, random: Random, deal: int) -> Call | None:
    rows = _rows(client, deal)
    return ("crm.item.productrow.delete", {"id": random.choice(rows)["id"]}) if len(rows) > 2 else None


def _rows_set(client: Settled, random: Random, deal: int) -> Call | None:
    rows = [
        {"productId": 9621, "price": random.randrange(1, 900), "quantity": 9} for _ in range(random.randrange(1, 5))
    ]
    return "crm.item.productrow.set", {"ownerType": "D", "ownerId": deal, "productRows": rows}


def _payment_add(client: Settled, random: Random, deal: int) -> Call | None:
    return ("crm.item.payment.add", {"entityId": deal, "entityTypeId": 2}) if len(_payments(client, deal)) < 9 else None


def _payment_update(client: Settled, random: Random, deal: int) -> Call | None:
    payment = _payment(client, random, deal)
    if payment is None:
        return None
    return "crm.item.payment.update", {
        "id": payment["id"],
        "fields": {"paySystemId": 110 if payment["paySystemId"] != 110 else 112},
    }


def _payment_pay(client: Settled, random: Random, deal: int) -> Call | None:
    payment = _payment(client, random, deal)
    if payment is None:
        return None
    return f"crm.item.payment.{'pay' if payment['paid'] == 'N' else 'unpay'}", {"id": payment["id"]}


def _payment_delete(client: Settled, random: Random, deal: int) -> Call | None:
    payment = _payment(client, random, deal, paid="N")
    return ("crm.item.payment.delete", {"id": payment["id"]}) if payment else None


def _product_add(client: Settled, random: Random, deal: int) -> Call | None:
    payment = _payment(client, random, deal, paid="N")
    try:
        free = client.another_user("crm.item.productrow.getAvailableForPayment", {"ownerType": "D", "ownerId": deal})
    except Refusal:
        return None
    if payment is None or not free["productRows"]:
        return None
    row = random.choice(free["productRows"])
    return "crm.item.payment.product.add", {"paymentId": payment["id"], "rowId": row["id"], "quantity": 1}


def _product_change(client: Settled, random: Random, deal: int) -> Call | None:
    item = _item(client, random, deal, "product")
    if item is None:
        return None
    if random.random() < 0.5:
        return "crm.item.payment.product.delete", {"id": item["id"]}
    return "crm.item.payment.product.setQuantity", {"id": item["id"], "quantity": 3 - min(2, int(item["quantity"]))}


def _delivery_add(client: Settled, random: Random, deal: int) -> Call | None:
    payment = _payment(client, random, deal, paid="N")
    free = _free_deliveries(client, deal, payment)
    if payment is None or not free:
        return None
    return "crm.item.payment.delivery.add", {"paymentId": payment["id"], "deliveryId": random.choice(free)}


def _delivery_change(client: Settled, random: Random, deal: int) -> Call | None:
    item = _item(client, random, deal, "delivery")
    if item is None:
        return None
    free = _free_deliveries(client, deal, {"id": item["paymentId"]})
    if random.random() < 0.5 or not free:
        return "crm.item.payment.delivery.delete", {"id": item["id"]}
    return "crm.item.payment.delivery.setDelivery", {"id": item["id"], "deliveryId": random.choice(free)}


def _shipment_add(client: Settled, random: Random, deal: int) -> Call | None:
    orders = _orders(client, deal)
    if not orders or len(_deliveries(client, deal)) > 5:
        return None
    fields = {"orderId": orders[0], "allowDelivery": "N", "deducted": "N", "deliveryId": 228, "priceDelivery": 9}
    return "sale.shipment.add", {"fields": fields}


def _rebind(client: Settled, random: Random, deal: int) -> Call | None:
    """An order is bound to another deal, comes back, or is bound to none."""
    away, here = _orders(client, _SOMEWHERE_ELSE), _orders(client, deal)
    if away:
        return "crm.orderentity.add", {"fields": {"orderId": away[0], "ownerId": deal, "ownerTypeId": 2}}
    if not here:
        return None
    fields = {"orderId": here[0], "ownerId": deal, "ownerTypeId": 2}
    if random.random() < 0.1:
        return "crm.orderentity.deleteByFilter", {"fields": fields}
    return "crm.orderentity.add", {"fields": {**fields, "ownerId": _SOMEWHERE_ELSE}}


_WRITES: tuple[Callable[[Settled, Random, int], Call | None], ...] = (
    _row_add,
    _row_update,
    _row_delete,
    _rows_set,
    _payment_add,
    _payment_update,
    _payment_pay,
    _payment_delete,
    _product_add,
    _product_change,
    _delivery_add,
    _delivery_change,
    _shipment_add,
    _rebind,
)


def _rows(client: Settled, deal: int) -> list[dict[str, Any]]:
    found = client.another_user("crm.item.productrow.list", {"filter": {"=ownerType": "D", "=ownerId": deal}})
    return found["productRows"]


def _payments(client: Settled, deal: int) -> list[dict[str, Any]]:
    return client.another_user("crm.item.payment.list", {"entityId": deal, "entityTypeId": 2})


def _payment(client: Settled, random: Random, deal: int, paid: str = "") -> dict[str, Any] | None:
    found = [each for each in _payments(client, deal) if not paid or each["paid"] == paid]
    return random.choice(found) if found else None


def _orders(client: Settled, deal: int) -> list[int]:
    bound = client.another_user("crm.orderentity.list", {"filter": {"=ownerId": deal, "=ownerTypeId": 2}})
    return [each["orderId"] for each in bound["orderEntity"]]


def _deliveries(client: Settled, deal: int) -> list[int]:
    found = client.another_user("crm.item.delivery.list", {"entityId": deal, "entityTypeId": 2})
    return [each["id"] for each in found]


def _free_deliveries(client: Settled, deal: int, payment: dict[str, Any] | None) -> list[int]:
    """The deliveries of the deal that the payment does not hold."""
    if payment is None:
        return []
    held = client.another_user("crm.item.payment.delivery.list", {"paymentId": payment["id"]})
    return [id for id in _deliveries(client, deal) if id not in {each["deliveryId"] for each in held}]


def _item(client: Settled, random: Random, deal: int, kind: str) -> dict[str, Any] | None:
    """An item of an unpaid payment. The client has seen nine of ten in their payment."""
    payment = _payment(client, random, deal, paid="N")
    if payment is None:
        return None
    items = client.another_user(f"crm.item.payment.{kind}.list", {"paymentId": payment["id"]})
    if not items:
        return None
    item = random.choice(items)
    if item["id"] % 10:
        client.portal.payment_of_item[item["id"]] = payment["id"]
    return item
