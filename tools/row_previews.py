"""Previews of what happens to product rows, and to the payment items that hang on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ..rest import Portal
from ..rest.numbers import money, plain
from ..rest.object_types import ObjectType, object_type
from ..rest.records import Payment, PaymentProduct, ProductRow
from .arguments import OwnerId, OwnerType, RowId, Rows
from .preview import Preview
from .product_rows import productrow_delete, productrow_set
from .tables import cell, line


@productrow_delete.preview
async def _(portal: Portal, id: RowId) -> Preview:
    row = await portal.product_row(id)
    owner = object_type(row.ownerType)
    total, currency = await _total(portal, owner, row.ownerId)
    return Preview(
        f"Delete product row {id} of {owner.label} {row.ownerId}",
        [f"goes: {described(row)}", *await _items_of(portal, owner, row.ownerId, {id})],
        _new_total(total, -row.amount, currency),
        "productrow_add makes a new row with another id; payment items must be added again",
    )


@productrow_set.preview
async def _(portal: Portal, ownerType: OwnerType, ownerId: OwnerId, productRows: Rows) -> Preview:
    present = await portal.product_rows(ownerType, ownerId)
    total, currency = await _total(portal, ownerType, ownerId)
    kept = _kept(present, productRows)
    changes: list[str] = []
    for row in present:
        if row.id not in kept.values():
            changes.append(f"goes: {described(row)}")
    for index, sent in enumerate(productRows):
        before = next((row for row in present if row.id == kept.get(index)), None)
        if before is None:
            changes.append(f"new: {_sent(sent)}")
        elif differences := _differences(before, sent):
            changes.append(f"changes: row {before.id} {line(before.productName)}: {', '.join(differences)}")
        else:
            changes.append(f"stays: {described(before)}")
    gone = {row.id for row in present} - set(kept.values())
    changed = {id for index, id in kept.items() if _differences(_by_id(present, id), productRows[index])}
    changes += await _items_of(portal, ownerType, ownerId, gone | changed)
    after = sum((_amount(sent) for sent in productRows), Decimal(0))
    before_amount = sum((row.amount for row in present), Decimal(0))
    return Preview(
        f"Replace all {len(present)} product rows of {ownerType.label} {ownerId} by {len(productRows)}",
        changes or ["it has no rows, and none are sent"],
        _new_total(total, after - before_amount, currency),
        "productrow_set with the old rows makes them anew, with other ids; payment items must be added again",
    )


def described(row: ProductRow) -> str:
    """A row in one line."""
    return f"row {row.id} {line(row.productName)}, {plain(row.quantity)} × {plain(row.price)} = {plain(row.amount)}"


def _by_id(rows: Sequence[ProductRow], id: int) -> ProductRow:
    return next(row for row in rows if row.id == id)


def _kept(present: Sequence[ProductRow], sent: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    """Which sent row (by position) keeps which present one: by its id, else an identical one (facts.md §7.4)."""
    kept: dict[int, int] = {}
    for index, row in enumerate(sent):
        if any(each.id == row.get("id") for each in present):
            kept[index] = row["id"]
    for index, row in enumerate(sent):
        free = (each for each in present if each.id not in kept.values() and not _differences(each, row))
        if index not in kept and (same := next(free, None)):
            kept[index] = same.id
    return kept


_DEFAULTS = {
    "price": Decimal(0),
    "quantity": Decimal(1),
    "discountRate": Decimal(0),
    "taxRate": None,
    "productId": 0,
    "taxIncluded": "N",
    "sort": 0,
    "measureCode": 796,
}


def _differences(row: ProductRow, sent: Mapping[str, Any]) -> list[str]:
    """What would change, `name: before → after`; a field that is not sent gets its default."""
    wanted = {**_DEFAULTS, **{name: value for name, value in sent.items() if name != "id"}}
    if "discountSum" in sent:
        del wanted["discountRate"]
    found: list[str] = []
    for name, value in wanted.items():
        before = getattr(row, name, None)
        if before != value:
            found.append(f"{name} {cell(before)} → {cell(value)}")
    return found


def _amount(sent: Mapping[str, Any]) -> Decimal:
    return Decimal(sent.get("price", 0)) * Decimal(sent.get("quantity", 1))


def _sent(sent: Mapping[str, Any]) -> str:
    name = line(str(sent.get("productName") or f"product {sent.get('productId', 0)}"))
    quantity, price = Decimal(sent.get("quantity", 1)), Decimal(sent.get("price", 0))
    return f"{name}, {plain(quantity)} × {plain(price)} = {plain(quantity * price)}"


async def _total(portal: Portal, owner: ObjectType, id: int) -> tuple[Decimal | None, str]:
    """The object's total, unless it is kept by hand, and its currency."""
    item = await portal.item(owner, id)
    manual = item.get("isManualOpportunity") == "Y"
    total = None if manual or item.get("opportunity") is None else Decimal(str(item["opportunity"]))
    return total, str(item.get("currencyId") or "")


def _new_total(total: Decimal | None, change: Decimal, currency: str) -> list[str]:
    if total is None:
        return ["the object's total is kept by hand and does not follow its rows"]
    return [f"total {money(total, currency)} → {money(total + change, currency)}"]


async def _items_of(portal: Portal, owner: ObjectType, owner_id: int, rows: set[int]) -> list[str]:
    """The payment items that go with these rows, a line each, with their payment."""
    if not rows or not owner.takes_payments:
        return []
    lines: list[str] = []
    for payment in await portal.payments(owner, owner_id):
        for item in await portal.payment_products(payment.id):
            if item.rowId in rows:
                lines.append(_item_line(item, payment))
    return lines


def _item_line(item: PaymentProduct, payment: Payment) -> str:
    paid = "PAID" if payment.paid == "Y" else "unpaid"
    number, amount = line(payment.accountNumber), money(payment.sum, payment.currency)
    what = f"item {item.id} ({plain(item.quantity)} of row {item.rowId})"
    return f"goes too: {what} of payment {payment.id} no. {number}, {amount}, {paid}"
