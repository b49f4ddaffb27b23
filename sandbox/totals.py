"""The total of a CRM object: its product rows and the deliveries of its orders (facts.md §9.2)."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from .objects import Owner
from .registry import Refusal
from .store import Store

CENT = 10**4
"""Amounts of rows in a cent."""


def refresh_total(store: Store, owner: Owner, now: datetime) -> None:
    """Compute `opportunity` and `taxValue` anew, unless a person entered the total by hand."""
    if owner.total_by_hand:
        return
    try:
        rows = store.one(
            "SELECT COALESCE(SUM(amount), 0) AS amount, COALESCE(SUM(tax), 0) AS tax"
            " FROM product_row WHERE owner_type = ? AND owner_id = ?",
            owner.type.code,
            owner.id,
        )
    except sqlite3.OperationalError:
        raise Refusal("INVALID_ARG_VALUE", "The total of the object is out of range") from None
    deliveries = store.value(
        "SELECT COALESCE(SUM(price_delivery), 0) FROM shipment JOIN order_binding USING (order_id)"
        " WHERE owner_type_id = ? AND owner_id = ? AND system = 'N'",
        owner.type.id,
        owner.id,
    )
    store.run(
        "UPDATE item SET opportunity = ?, tax_value = ?, updated_time = ? WHERE entity_type_id = ? AND id = ?",
        _cents(rows["amount"]) + deliveries if rows else deliveries,
        _cents(rows["tax"]) if rows else 0,
        now.isoformat(timespec="seconds"),
        owner.type.id,
        owner.id,
    )


def _cents(amount: int) -> int:
    return (amount + CENT // 2) // CENT
