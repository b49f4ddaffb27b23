"""What product items and delivery items of a payment have in common: finding them, and the payment's new sum."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import TypeVar

import anyio

from ..rest import Portal, PortalError
from ..rest.errors import Conflict, NotFound
from ..rest.numbers import money, plain
from ..rest.records import Delivery, Payment, PaymentDelivery, PaymentProduct, ProductRow
from .tables import line

Item = TypeVar("Item", PaymentProduct, PaymentDelivery)
R = TypeVar("R", ProductRow, Delivery)


async def holding(
    portal: Portal, id: int, payment_id: int | None, items: Callable[[int], Awaitable[Sequence[Item]]]
) -> tuple[Item, Payment] | None:
    """The item and its payment, or None when nobody here knows which payment holds it.

    Raises:
        NotFound: The payment that should hold it does not.
        Conflict: The payment is paid, and while it is its items are locked (facts.md §9.5).

    """
    payment_id = payment_id or portal.payment_of_item.get(id)
    if payment_id is None:
        return None
    item, payment = await _item(id, payment_id, items), await portal.payment(payment_id)
    if payment.paid == "Y":
        raise Conflict(
            "PAYMENT_IS_PAID",
            f"payment {payment_id} is paid: its items are locked",
            recovery="If the person agrees, set it unpaid with payment_unpay first.",
        )
    return item, payment


async def held_by(
    portal: Portal, id: int, payment_id: int | None, items: Callable[[int], Awaitable[Sequence[Item]]]
) -> int | None:
    """The payment that holds the item, as far as anybody here knows; one that the caller names is looked at.

    Raises:
        NotFound: The payment that the caller names does not hold it.

    """
    if payment_id is not None:
        await _item(id, payment_id, items)
    return portal.payment_of_item.get(id)


async def _item(id: int, payment_id: int, items: Callable[[int], Awaitable[Sequence[Item]]]) -> Item:
    item = next((each for each in await items(payment_id) if each.id == id), None)
    if item is None:
        raise NotFound("ITEM_NOT_FOUND", f"payment {payment_id} holds no item {id} of this kind")
    return item


async def rows_of(portal: Portal, items: Sequence[PaymentProduct]) -> dict[int, ProductRow]:
    """The product rows of items, by id, as far as they can be read."""
    return await _readable({item.rowId for item in items if item.rowId is not None}, portal.product_row)


async def _readable(ids: set[int], read: Callable[[int], Awaitable[R]]) -> dict[int, R]:
    """Those of the records that can be read, by id. They are asked for at once, so that they can share requests."""
    found: dict[int, R] = {}

    async def look(id: int) -> None:
        with suppress(PortalError):
            found[id] = await read(id)

    async with anyio.create_task_group() as reading:
        for id in ids:
            reading.start_soon(look, id)
    return found


async def described_products(portal: Portal, items: Sequence[PaymentProduct]) -> list[str]:
    """Each product item in a line: what it is, how much of it, and what it comes to in the payment."""
    rows = await rows_of(portal, items)
    return [described_product(item, rows.get(item.rowId or 0)) for item in items]


def described_product(item: PaymentProduct, row: ProductRow | None) -> str:
    """A product item in a line. Without its row, only the numbers that the payment has of it."""
    quantity, what = plain(item.quantity), f"row {item.rowId}" if item.rowId else "something that is no row"
    if row is None:
        return f"item {item.id}: {quantity} of {what}"
    return f"item {item.id}: {quantity} × {line(row.productName)} = {plain(item.quantity * billed_price(row))} ({what})"


def billed_price(row: ProductRow) -> Decimal:
    """What a unit adds to a payment: without the tax where the row says that it is not included (facts.md §9.6)."""
    return row.priceExclusive if row.taxRate and row.taxIncluded == "N" else row.price


def sum_changed_by(quantity: Decimal, row: ProductRow | None, currency: str) -> str:
    """What so many units more, or fewer, do to the payment's sum."""
    if row is None:
        return "the payment's sum is computed anew"
    change = quantity * billed_price(row)
    return f"the payment's sum {'falls' if change < 0 else 'grows'} by {money(abs(change), currency)}"


async def described_deliveries(portal: Portal, items: Sequence[PaymentDelivery]) -> list[str]:
    """Each delivery item in a line, with its price."""
    deliveries = await _readable({item.deliveryId for item in items}, portal.delivery)
    described = {id: described_delivery(delivery) for id, delivery in deliveries.items()}
    return [f"item {each.id}: {described.get(each.deliveryId, f'delivery {each.deliveryId}')}" for each in items]


def described_delivery(delivery: Delivery) -> str:
    """A delivery in a line."""
    price = money(delivery.priceDelivery, delivery.currency)
    return f"delivery {delivery.id} no. {line(delivery.accountNumber)} {line(delivery.deliveryName)}, {price}"


def unseen(id: int) -> list[str]:
    """What a preview says of an item that cannot be shown."""
    return [f"item {id}: the portal cannot show an item by its id alone; give paymentId to see what it holds"]


async def new_sum(portal: Portal, payment_id: int | None) -> str:
    """The payment's sum after a change, as the portal computes it; nothing when it cannot be read."""
    if payment_id is None:
        return ""
    try:
        payment = await portal.payment(payment_id)
    except PortalError:
        return f" (The new sum of payment {payment_id} could not be read.)"
    return f" Payment {payment.id} no. {line(payment.accountNumber)} is now {money(payment.sum, payment.currency)}."


def titled(payment: Payment) -> str:
    """An unpaid payment in a preview's line."""
    return f"payment {payment.id} no. {line(payment.accountNumber)}, {money(payment.sum, payment.currency)}, unpaid"
