"""Payments of an order and what each of them covers (facts.md §9.3 to §9.7)."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from .numbers import MONEY, PRICE, QUANTITY, rounded, scaled, unscaled
from .payment_link import new_access
from .registry import Refusal
from .shipments import next_number
from .store import Store

UNIT = 10**QUANTITY


def find_payment(store: Store, id: int) -> sqlite3.Row | None:
    """Return a payment."""
    return store.one("SELECT * FROM payment WHERE id = ?", id)


def find_pay_system(store: Store, id: int) -> sqlite3.Row:
    """Return a payment system, or refuse."""
    pay_system = store.one("SELECT * FROM pay_system WHERE id = ?", id)
    if pay_system is None:
        raise Refusal("0", "Payment system has not been found")
    return pay_system


def default_pay_system(store: Store) -> sqlite3.Row:
    """Return the first active payment system for orders."""
    sql = "SELECT id FROM pay_system WHERE active = 'Y' AND registry_type = 'ORDER' ORDER BY sort, id"
    return find_pay_system(store, store.value(sql) or 0)


def create_payment(
    store: Store, order_id: int, pay_system: sqlite3.Row, now: datetime, *, id: int | None = None
) -> int:
    """Add an empty, unpaid payment to an order, in the order's currency."""
    next_id = id or (store.value("SELECT seq FROM sqlite_sequence WHERE name = 'payment'") or 0) + 1
    access = new_access(store, next_id)
    return store.insert(
        "payment",
        id=next_id,
        order_id=order_id,
        account_number=next_number(store, "payment", order_id),
        pay_system_id=pay_system["id"],
        pay_system_name=pay_system["name"],
        currency=store.value("SELECT currency FROM sale_order WHERE id = ?", order_id),
        date_bill=now.isoformat(timespec="seconds"),
        access=access.hash,
        short_code=access.short_code,
    )


def pay(store: Store, payment: sqlite3.Row, user_id: int | None, now: datetime) -> None:
    """Mark a payment paid. One that is paid already keeps its date; the sum does not matter."""
    if payment["paid"] == "Y":
        return
    if store.value("SELECT canceled FROM sale_order WHERE id = ?", payment["order_id"]) == "Y":
        raise Refusal("SALE_ORDER_PAID_ORDER_CANCELED", "The order is canceled")
    store.update("payment", payment["id"], paid="Y", date_paid=now.isoformat(timespec="seconds"), emp_paid_id=user_id)


def unpay(store: Store, payment: sqlite3.Row) -> None:
    """Mark a payment unpaid. When it was paid, and by whom, stays."""
    store.update("payment", payment["id"], paid="N")


def delete_payment(store: Store, payment: sqlite3.Row) -> None:
    """Remove an unpaid payment with its items. The order, its binding and its shipments stay."""
    if payment["paid"] == "Y":
        raise Refusal("SALE_PAYMENT_DELETE_EXIST_PAID", "Partial payment done. Cancel payment")
    store.run("DELETE FROM payment_item WHERE payment_id = ?", payment["id"])
    store.run("DELETE FROM payment WHERE id = ?", payment["id"])


def add_product(store: Store, payment_id: int, basket_item_id: int, quantity: int, *, id: int | None = None) -> int:
    """Put a number of units of a basket item into a payment."""
    item_id = store.insert(
        "payment_item", id=id, payment_id=payment_id, basket_item_id=basket_item_id, quantity=scaled(quantity, QUANTITY)
    )
    refresh_sum(store, payment_id)
    return item_id


def add_delivery(store: Store, payment_id: int, shipment_id: int, *, id: int | None = None) -> int:
    """Put a shipment into a payment. One that is in it already gives its present item."""
    present = store.value(
        "SELECT id FROM payment_item WHERE payment_id = ? AND shipment_id = ?", payment_id, shipment_id
    )
    if present:
        return present
    item_id = store.insert("payment_item", id=id, payment_id=payment_id, shipment_id=shipment_id, quantity=UNIT)
    refresh_sum(store, payment_id)
    return item_id


def delete_item(store: Store, item: sqlite3.Row) -> None:
    """Remove an item; what it covered can be billed again."""
    store.run("DELETE FROM payment_item WHERE id = ?", item["id"])
    refresh_sum(store, item["payment_id"])


def refresh_sum(store: Store, payment_id: int) -> None:
    """Compute a payment's sum anew from its items. A shipment of another order, or of none, counts as 0."""
    products = store.all(
        "SELECT payment_item.quantity, price FROM payment_item JOIN basket_item ON basket_item.id = basket_item_id"
        " WHERE payment_id = ?",
        payment_id,
    )
    deliveries = store.value(
        "SELECT COALESCE(SUM(price_delivery), 0) FROM payment_item JOIN shipment ON shipment.id = shipment_id"
        " JOIN payment ON payment.id = payment_id AND payment.order_id = shipment.order_id WHERE payment_id = ?",
        payment_id,
    )
    covered = unscaled(sum(quantity * price for quantity, price in products), QUANTITY + PRICE)
    total = rounded(covered, MONEY) + unscaled(deliveries, MONEY)
    store.update("payment", payment_id, sum=scaled(total, MONEY))
