"""Orders behind CRM objects: how one comes to be, what it is bound to, and the basket that mirrors product rows.

A CRM object may have several orders, an order has one owner at most (facts.md §9.0, §9.3, §9.9).
"""

from __future__ import annotations

import sqlite3
from datetime import datetime

from . import shipments
from .filters import Clause
from .objects import DEAL, Owner, find_owner, type_by_id
from .store import Store
from .totals import refresh_total


def bound_orders(store: Store, type_id: int, id: int) -> list[int]:
    """Return the orders of an object, the newest first."""
    sql = "SELECT order_id FROM order_binding WHERE owner_type_id = ? AND owner_id = ? ORDER BY order_id DESC"
    return [order_id for (order_id,) in store.all(sql, type_id, id)]


def bound_to(type_id: int, id: int) -> Clause:
    """Return the condition that a payment or shipment belongs to one of an object's orders."""
    sql = "order_id IN (SELECT order_id FROM order_binding WHERE owner_type_id = ? AND owner_id = ?)"
    return Clause(sql, (type_id, id))


def order_owner(store: Store, order_id: int) -> Owner | None:
    """Return the object that an order is bound to. None without a binding, and when the object does not exist."""
    binding = store.one("SELECT owner_type_id, owner_id FROM order_binding WHERE order_id = ?", order_id)
    type = type_by_id(store, binding["owner_type_id"]) if binding else None
    return find_owner(store, type, binding["owner_id"]) if binding and type else None


def create_order(store: Store, owner: Owner, now: datetime, user_id: int, *, id: int | None = None) -> int:
    """Make an order with the object's currency and client, its hidden system shipment, and bind it to the object."""
    order_id = store.insert(
        "sale_order",
        id=id,
        account_number="",
        currency=owner.currency,
        company_id=owner.company_id,
        contact_id=owner.contact_id,
        user_id=user_id,
        status_id="N",
        date_insert=now.isoformat(timespec="seconds"),
    )
    store.update("sale_order", order_id, account_number=str(order_id))
    shipments.create_system_shipment(store, order_id, owner.currency, now)
    store.insert("order_binding", order_id=order_id, owner_type_id=owner.type.id, owner_id=owner.id)
    return order_id


def is_bound(store: Store, order_id: int, type_id: int, owner_id: int) -> bool:
    """Say whether an order is bound to this very object."""
    sql = "SELECT 1 FROM order_binding WHERE order_id = ? AND owner_type_id = ? AND owner_id = ?"
    return store.one(sql, order_id, type_id, owner_id) is not None


def bind(store: Store, order_id: int, type_id: int, owner_id: int, now: datetime) -> None:
    """Bind an order to an object, which may not exist, and to no other. Both totals follow its deliveries."""
    unbind(store, order_id, now)
    store.insert("order_binding", order_id=order_id, owner_type_id=type_id, owner_id=owner_id)
    if owner := order_owner(store, order_id):
        refresh_total(store, owner, now)


def unbind(store: Store, order_id: int, now: datetime) -> None:
    """Take an order from its object."""
    owner = order_owner(store, order_id)
    store.run("DELETE FROM order_binding WHERE order_id = ?", order_id)
    if owner:
        refresh_total(store, owner, now)


def order_for_billing(store: Store, owner: Owner, now: datetime, user_id: int) -> int:
    """Return the object's newest order; make one when it has none."""
    orders = bound_orders(store, owner.type.id, owner.id)
    return orders[0] if orders else create_order(store, owner, now, user_id)


def enter_basket(store: Store, order_id: int, row: sqlite3.Row, *, id: int | None = None) -> int:
    """Return the basket item that mirrors a row in an order. Made now, it also becomes the row's `xmlId`."""
    present = store.value("SELECT id FROM basket_item WHERE order_id = ? AND row_id = ?", order_id, row["id"])
    if present:
        return present
    item_id = store.insert("basket_item", id=id, order_id=order_id, row_id=row["id"], **_mirror(row))
    store.update("product_row", row["id"], xml_id=f"sale_basket_{item_id}")
    return item_id


def follow_row(store: Store, owner: Owner, row: sqlite3.Row) -> None:
    """Carry a changed row into the basket of its order. Portals do this for deals only (facts.md §9.7)."""
    if owner.type.id == DEAL:
        for item in basket_items(store, owner, row["id"]):
            store.update("basket_item", item["id"], **_mirror(row))


def basket_items(store: Store, owner: Owner, row_id: int) -> list[sqlite3.Row]:
    """Return what mirrors a row in the orders of its object. Orders that lost the binding go their own way."""
    return store.all(
        "SELECT basket_item.* FROM basket_item JOIN order_binding USING (order_id)"
        " WHERE row_id = ? AND owner_type_id = ? AND owner_id = ?",
        row_id,
        owner.type.id,
        owner.id,
    )


def _mirror(row: sqlite3.Row) -> dict[str, int | str | None]:
    """A price with its tax included enters the basket as it is, any other without the tax (facts.md §9.6)."""
    taxed = row["tax_included"] == "Y"
    return {
        "product_id": row["product_id"],
        "name": row["product_name"],
        "price": row["price"] if taxed else row["price_exclusive"],
        "base_price": row["price_brutto"] if taxed else row["price_netto"],
        "quantity": row["quantity"],
        "amount": row["amount"] if taxed else row["amount"] - row["tax"],
        "vat_rate": row["tax_rate"],
        "vat_included": row["tax_included"],
        "measure_code": row["measure_code"],
    }
