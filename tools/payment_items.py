"""What product items and delivery items of a payment have in common: finding them, and the payment's new sum."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from ..rest import Portal, PortalError
from ..rest.errors import NotFound
from ..rest.numbers import money
from ..rest.records import Payment, PaymentDelivery, PaymentProduct
from .tables import line

Item = TypeVar("Item", PaymentProduct, PaymentDelivery)


async def holding(
    portal: Portal, id: int, payment_id: int | None, items: Callable[[int], Awaitable[Sequence[Item]]]
) -> tuple[Item, Payment] | None:
    """The item and its payment, or None when nobody here knows which payment holds it.

    Raises:
        NotFound: The payment that should hold it does not.

    """
    payment_id = payment_id or portal.payment_of_item.get(id)
    if payment_id is None:
        return None
    return await _item(id, payment_id, items), await portal.payment(payment_id)


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
    """A payment in a preview's line."""
    paid = "paid: its items are locked" if payment.paid == "Y" else "unpaid"
    return f"payment {payment.id} no. {line(payment.accountNumber)}, {money(payment.sum, payment.currency)}, {paid}"
