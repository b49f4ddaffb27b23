"""What payments cover, line by line, as their pages show it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field

from ..numbers import MONEY, PRICE
from ..store import Store


@dataclass(frozen=True, slots=True)
class Covered:
    """A product or a delivery of a payment."""

    id: int
    name: str
    quantity: int
    price: int
    """With 8 decimals, in the payment's currency."""
    is_delivery: bool


@dataclass(slots=True)
class Contents:
    """What one payment covers."""

    lines: list[Covered] = field(default_factory=list[Covered])
    more: int = 0
    """Lines that are left out because they are many."""


# A shipment of another order counts nothing (payments.refresh_sum).
_LINES = """
    SELECT payment_item.*, basket_item.name, basket_item.price, delivery_name,
        IIF(shipment.order_id = payment.order_id, price_delivery, 0) AS price_delivery,
        ROW_NUMBER() OVER (PARTITION BY payment_id ORDER BY payment_item.id) AS place,
        COUNT(*) OVER (PARTITION BY payment_id) AS count
    FROM payment_item JOIN payment ON payment.id = payment_id
        LEFT JOIN basket_item ON basket_item.id = basket_item_id LEFT JOIN shipment ON shipment.id = shipment_id
    WHERE payment_id IN (SELECT value FROM json_each(?))
"""


def contents(store: Store, payment_ids: Iterable[int], most: int) -> dict[int, Contents]:
    """Give what payments cover, by their ids; of each the first lines, `most` of them."""
    ids = list(payment_ids)
    found = {id: Contents() for id in ids}
    sql = f"SELECT * FROM ({_LINES}) WHERE place <= ? ORDER BY payment_id, place"  # noqa: S608
    for record in store.all(sql, json.dumps(ids), most):
        payment = found[record["payment_id"]]
        payment.lines.append(_covered(record))
        payment.more = record["count"] - len(payment.lines)
    return found


def _covered(record: sqlite3.Row) -> Covered:
    if record["basket_item_id"] is not None:
        return Covered(record["id"], record["name"], record["quantity"], record["price"], is_delivery=False)
    name = f"Delivery: {record['delivery_name']}" if record["delivery_name"] else "Delivery"
    price = record["price_delivery"] * 10 ** (PRICE - MONEY)
    return Covered(record["id"], name, record["quantity"], price, is_delivery=True)
