"""What the methods for the items of a payment have in common: whose they are, and whether they may be changed."""

from __future__ import annotations

import sqlite3

from .. import payments, rights
from ..registry import Call, Refusal


def unknown_field(part: str, name: str) -> Refusal:
    """Refuse a name in a filter or an order, with the text of a database error."""
    return Refusal("0", f"Unknown field definition `{name}` in the {part} of PayableItem")


def payment_to_read(call: Call, id: int) -> sqlite3.Row:
    """Return a payment, or refuse."""
    payment = payments.find_payment(call.store, id)
    if payment is None:
        raise Refusal("0", "Payment has not been found")
    rights.require_payment_reading(call)
    return payment


def payment_to_change(call: Call, id: int) -> sqlite3.Row:
    """Return a payment whose items may be changed. A paid one is refused like a missing right."""
    payment = payments.find_payment(call.store, id)
    if payment is None:
        raise Refusal("0", "Payment has not been found")
    rights.require_payment_changing(call)
    if payment["paid"] == "Y":
        raise rights.payment_denied(call)
    return payment


def item_to_change(call: Call, id: int, kind: str) -> sqlite3.Row:
    """Return an item of an unpaid payment. `kind` is the column that items of the wanted kind have a value in."""
    item = call.store.one("SELECT * FROM payment_item WHERE id = ?", id)
    if item is None or item[kind] is None:
        raise Refusal("0", "Payable item has not been found")
    payment_to_change(call, item["payment_id"])
    return item
