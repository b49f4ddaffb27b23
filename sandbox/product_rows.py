"""Product rows of CRM objects: adding, changing, removing, replacing, and what follows for totals and orders."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from . import columns, orders, payments
from .columns import Column
from .numbers import whole
from .objects import Owner
from .profile import Profile
from .registry import Refusal
from .row_values import WRITABLE, RowRules, sent_values
from .shipments import is_shipped
from .store import SqlValue, Store
from .totals import refresh_total

ROW: dict[str, Column] = {
    "id": columns.integer("id"),
    "ownerId": columns.integer("owner_id"),
    "ownerType": columns.text("owner_type"),
    "productId": columns.integer("product_id"),
    "productName": columns.text("product_name"),
    "price": columns.price("price"),
    "priceAccount": columns.price("price_account"),
    "priceExclusive": columns.price("price_exclusive"),
    "priceNetto": columns.price("price_netto"),
    "priceBrutto": columns.price("price_brutto"),
    "quantity": columns.quantity("quantity"),
    "discountTypeId": columns.integer("discount_type_id"),
    "discountRate": columns.quantity("discount_rate"),
    "discountSum": columns.price("discount_sum"),
    "taxRate": columns.quantity("tax_rate"),
    "taxIncluded": columns.flag("tax_included"),
    "taxName": columns.text("tax_name"),
    "customized": columns.constant("Y"),
    "measureCode": columns.integer("measure_code"),
    "measureName": columns.text("measure_name"),
    "sort": columns.integer("sort"),
    "xmlId": columns.text("xml_id"),
    "type": columns.integer("type"),
    "storeId": columns.integer("store_id"),
}
"""Every field of a row, in the order of the documented answers. Which answers lack `taxName` or `storeId` differs."""

SORTED = "sort, id"


def find_row(store: Store, id: int) -> sqlite3.Row | None:
    """Return a product row."""
    return store.one("SELECT * FROM product_row WHERE id = ?", id)


def rows_of(store: Store, owner: Owner) -> list[sqlite3.Row]:
    """Return all rows of an object, sorted."""
    sql = f"SELECT * FROM product_row WHERE owner_type = ? AND owner_id = ? ORDER BY {SORTED}"  # noqa: S608
    return store.all(sql, owner.type.code, owner.id)


def add_row(
    store: Store, profile: Profile, owner: Owner, fields: Mapping[str, Any], now: datetime, *, id: int | None = None
) -> int:
    """Add a row to an object and return its id."""
    values = RowRules(store, profile, owner.currency).stored(sent_values(fields))
    row_id = _insert(store, owner, values, id)
    refresh_total(store, owner, now)
    return row_id


def update_row(
    store: Store, profile: Profile, owner: Owner, row: sqlite3.Row, fields: Mapping[str, Any], now: datetime
) -> None:
    """Change a row. Fields that cannot be written are dropped, and refused only when they are all that was sent."""
    sent = sent_values(fields)
    if sent:
        values = RowRules(store, profile, owner.currency).stored(sent, row)
        _replace(store, owner, row["id"], values)
        refresh_total(store, owner, now)
        return
    harmless = {"ownerId", "ownerType", "customized", *WRITABLE}
    for name in fields:
        if name not in harmless:
            raise Refusal("INVALID_ARG_VALUE", f"Field '{name}' not available for update")


def delete_row(store: Store, owner: Owner, row: sqlite3.Row, now: datetime) -> None:
    """Remove a row, together with what payments of the object's orders hold of it."""
    _remove(store, owner, row)
    refresh_total(store, owner, now)


def replace_rows(
    store: Store, profile: Profile, owner: Owner, wanted: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    """Make these the rows of an object; all others are removed with their payment items.

    A row that stays exactly as it is keeps its id. In the current generation a wanted row may also name, by `id`, the
    one that it changes (facts.md §7.4).
    """
    rules = RowRules(store, profile, owner.currency)
    left = {row["id"]: row for row in rows_of(store, owner)}
    changed: dict[int, dict[str, SqlValue]] = {}
    others: list[dict[str, SqlValue]] = []
    for fields in wanted:
        sent = sent_values(fields)
        named = _named(fields) if profile.restricted_list_filter else 0
        if sent and left.pop(named, None):
            changed[named] = rules.stored(sent)
        elif sent:
            others.append(rules.stored(sent))
    new = _without_present(others, left)
    for row in left.values():
        _remove(store, owner, row)
    for row_id, values in changed.items():
        _replace(store, owner, row_id, values)
    for values in new:
        _insert(store, owner, values, None)
    refresh_total(store, owner, now)


_COMPARED = (
    *("product_id", "product_name", "price", "quantity", "discount_type_id", "discount_rate", "discount_sum"),
    *("tax_rate", "tax_included", "tax_name", "measure_code", "sort"),
)


def _without_present(wanted: list[dict[str, SqlValue]], left: dict[int, sqlite3.Row]) -> list[dict[str, SqlValue]]:
    """Return what is not there yet, and take from `left` each row that a wanted one is exactly like."""
    alike: dict[tuple[SqlValue, ...], list[int]] = {}
    for row in reversed(left.values()):
        alike.setdefault(tuple(row[name] for name in _COMPARED), []).append(row["id"])
    new: list[dict[str, SqlValue]] = []
    for values in wanted:
        same = alike.get(tuple(values[name] for name in _COMPARED))
        if same:
            del left[same.pop()]
        else:
            new.append(values)
    return new


def _named(fields: Mapping[str, Any]) -> int:
    try:
        return whole(fields.get("id"))
    except (ValueError, OverflowError):
        return 0


def _insert(store: Store, owner: Owner, values: Mapping[str, SqlValue], id: int | None) -> int:
    return store.insert("product_row", id=id, owner_type=owner.type.code, owner_id=owner.id, **values)


def _replace(store: Store, owner: Owner, row_id: int, values: Mapping[str, SqlValue]) -> None:
    store.update("product_row", row_id, **values)
    row = find_row(store, row_id)
    if row:
        orders.follow_row(store, owner, row)


def _remove(store: Store, owner: Owner, row: sqlite3.Row) -> None:
    for item in orders.basket_items(store, owner, row["id"]):
        _leave_basket(store, item)
    store.run("DELETE FROM product_row WHERE id = ?", row["id"])


def _leave_basket(store: Store, item: sqlite3.Row) -> None:
    """Take a row's basket item out of its order, unless it was shipped or paid for."""
    if is_shipped(store, item["id"]):
        raise Refusal("SALE_BASKET_ITEM_REMOVE_IMPOSSIBLE_BECAUSE_SHIPPED", "The product has been shipped")
    holding = store.all(
        "SELECT DISTINCT payment.id, paid FROM payment_item JOIN payment ON payment.id = payment_id"
        " WHERE basket_item_id = ?",
        item["id"],
    )
    if any(payment["paid"] == "Y" for payment in holding):
        raise Refusal("SALE_PAYMENT_NOT_ALLOWED_CHANGE_SUM", "The sum of a paid payment cannot be changed")
    store.run("DELETE FROM payment_item WHERE basket_item_id = ?", item["id"])
    store.run("DELETE FROM shipment_item WHERE basket_item_id = ?", item["id"])
    store.run("DELETE FROM basket_item WHERE id = ?", item["id"])
    for payment in holding:
        payments.refresh_sum(store, payment["id"])
