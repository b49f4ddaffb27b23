"""What of an object's rows is in payments already, and what is still available (facts.md §9.4)."""

from __future__ import annotations

import sqlite3

from .objects import Owner
from .product_rows import SORTED
from .store import Store

_BILLED = """
    SELECT row_id, SUM(payment_item.quantity) AS quantity
    FROM order_binding JOIN basket_item USING (order_id) JOIN payment_item ON basket_item_id = basket_item.id
    WHERE owner_type_id = ? AND order_binding.owner_id = ? {row} GROUP BY row_id
"""


def available_rows(store: Store, owner: Owner) -> list[sqlite3.Row]:
    """Return the rows that are not wholly in payments; `available` holds what is left, in units of 10^-4.

    Paid and unpaid payments count alike.
    """
    sql = f"""
        SELECT product_row.*, product_row.quantity - COALESCE(billed.quantity, 0) AS available
        FROM product_row LEFT JOIN ({_BILLED.format(row="")}) AS billed ON billed.row_id = product_row.id
        WHERE owner_type = ? AND owner_id = ? AND available > 0 ORDER BY {SORTED}
    """  # noqa: S608 - all parts are ours
    return store.all(sql, owner.type.id, owner.id, owner.type.code, owner.id)


def available(store: Store, owner: Owner, row: sqlite3.Row) -> int:
    """Return how much of a row can still be put into a payment, in units of 10^-4. Negative after a row was reduced."""
    billed = store.one(_BILLED.format(row="AND row_id = ?"), owner.type.id, owner.id, row["id"])
    return row["quantity"] - (billed["quantity"] if billed else 0)
