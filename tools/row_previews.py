"""Previews of what happens to product rows, and to the payment items that hang on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from decimal import Decimal
from typing import Any

from ..rest import Portal
from ..rest.numbers import money, plain
from ..rest.object_types import ObjectType, object_type
from ..rest.records import Payment, PaymentProduct, ProductRow
from .arguments import OwnerId, OwnerType, RowId, Rows
from .payment_items import described_product
from .preview import Preview
from .product_rows import productrow_delete, productrow_set
from .row_changes import row_changes
from .row_fields import all_writable
from .tables import line


@productrow_delete.preview
async def _(portal: Portal, id: RowId) -> Preview:
    row = await portal.product_row(id)
    owner = object_type(row.ownerType)
    total, currency = await _total(portal, owner, row.ownerId)
    return Preview(
        f"Delete product row {id} of {owner.label} {row.ownerId}",
        [f"goes: {described(row)}", *await _items_of(portal, owner, row.ownerId, [row], {id})],
        _new_total(total, -row.amount, currency),
        "productrow_add makes a new row with another id; payment items must be added again",
    )


@productrow_set.preview
async def _(portal: Portal, ownerType: OwnerType, ownerId: OwnerId, productRows: Rows) -> Preview:
    sent = all_writable(productRows)
    present = await portal.product_rows(ownerType, ownerId)
    total, currency = await _total(portal, ownerType, ownerId)
    found = row_changes(present, sent)
    changes = [
        *(f"goes: {described(row)}" for row in found.gone),
        *(f"changes: row {row.id} {line(row.productName)}: {', '.join(what)}" for row, what in found.changed),
        *(f"may go: {described(row)} (stays if its name is the catalog's)" for row in found.doubtful),
        *(f"stays: {described(row)}" for row in found.kept),
        *(f"new: {_sent(row)}" for row in found.new),
        *await _items_of(portal, ownerType, ownerId, present, found.losing, found.in_doubt),
    ]
    after = sum((_amount(row) for row in productRows), Decimal(0))
    before = sum((row.amount for row in present), Decimal(0))
    return Preview(
        f"Replace all {len(present)} product rows of {ownerType.label} {ownerId} by {len(productRows)}",
        changes or ["it has no rows, and none are sent"],
        _new_total(total, after - before, currency),
        "productrow_set with the old rows makes them anew, with other ids; payment items must be added again",
    )


def described(row: ProductRow) -> str:
    """A row in one line."""
    return f"row {row.id} {line(row.productName)}, {plain(row.quantity)} × {plain(row.price)} = {plain(row.amount)}"


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


async def _items_of(
    portal: Portal,
    owner: ObjectType,
    owner_id: int,
    rows: Sequence[ProductRow],
    losing: Set[int],
    in_doubt: Set[int] = frozenset(),
) -> list[str]:
    """The payment items that go with rows, or may go with those in doubt, a line each, with their payment."""
    if not losing | in_doubt or not owner.takes_payments:
        return []
    by_id = {row.id: row for row in rows}
    lines: list[str] = []
    for payment in await portal.payments(owner, owner_id):
        for item in await portal.payment_products(payment.id):
            if item.rowId in losing | in_doubt:
                goes = "goes too" if item.rowId in losing else "may go too"
                lines.append(f"{goes}: {_described_item(item, by_id.get(item.rowId or 0), payment)}")
    return lines


def _described_item(item: PaymentProduct, row: ProductRow | None, payment: Payment) -> str:
    paid = "PAID" if payment.paid == "Y" else "unpaid"
    number, amount = line(payment.accountNumber), money(payment.sum, payment.currency)
    return f"{described_product(item, row)}, of payment {payment.id} no. {number}, {amount}, {paid}"
