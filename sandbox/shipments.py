"""Shipments of orders, which the CRM methods call deliveries (facts.md §9.8)."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from .store import Store


def find_shipment(store: Store, id: int) -> sqlite3.Row | None:
    """Return a shipment document."""
    return store.one("SELECT * FROM shipment WHERE id = ?", id)


def create_shipment(
    store: Store,
    order: sqlite3.Row,
    service: sqlite3.Row | None,
    price: int,
    now: datetime,
    *,
    allowed: bool = False,
    deducted: bool = False,
    comments: str = "",
    tracking_number: str = "",
    id: int | None = None,
) -> int:
    """Add a delivery to an order, at a price in cents. Its number continues those of the order's shipments."""
    moment = now.isoformat(timespec="seconds")
    return store.insert(
        "shipment",
        id=id,
        order_id=order["id"],
        account_number=next_number(store, "shipment", order["id"]),
        delivery_id=service["id"] if service else 0,
        delivery_name=service["name"] if service else "",
        price_delivery=price,
        currency=order["currency"],
        allow_delivery="Y" if allowed else "N",
        deducted="Y" if deducted else "N",
        date_deducted=moment if deducted else None,
        comments=comments,
        tracking_number=tracking_number,
        date_insert=moment,
    )


def create_system_shipment(store: Store, order_id: int, currency: str, now: datetime) -> None:
    """Add the hidden shipment of every order. It takes the number `/1`, so the first visible one is `/2`."""
    store.insert(
        "shipment",
        order_id=order_id,
        account_number=next_number(store, "shipment", order_id),
        delivery_id=0,
        delivery_name="",
        price_delivery=0,
        currency=currency,
        system="Y",
        date_insert=now.isoformat(timespec="seconds"),
    )


def next_number(store: Store, table: str, order_id: int) -> str:
    """Return `{order}/{k}` with the first k above those in use: the numbers of deleted last documents come again."""
    last = store.value(
        f"SELECT MAX(CAST(substr(account_number, instr(account_number, '/') + 1) AS INTEGER))"  # noqa: S608
        f" FROM {table} WHERE order_id = ?",
        order_id,
    )
    order_number = store.value("SELECT account_number FROM sale_order WHERE id = ?", order_id)
    return f"{order_number}/{(last or 0) + 1}"


def is_shipped(store: Store, basket_item_id: int) -> bool:
    """Say whether a basket item has left with a shipment."""
    sql = (
        "SELECT 1 FROM shipment_item JOIN shipment ON shipment.id = shipment_id"
        " WHERE basket_item_id = ? AND deducted = 'Y'"
    )
    return store.one(sql, basket_item_id) is not None
