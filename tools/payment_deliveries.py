"""Delivery items of a payment: deliveries (shipments) of the same order that the customer pays with it."""

from __future__ import annotations

from ..rest import Portal
from ..rest.errors import Conflict, NotFound
from ..rest.numbers import money
from ..rest.portal import records
from ..rest.records import Delivery, PaymentDelivery
from .arguments import DeliveryId, Filter, HoldingPaymentId, ItemId, Order, PaymentId
from .conditions import conditions
from .effect import Effect
from .operation import tool
from .payment_items import described_delivery, held_by, holding, new_sum, titled, unseen
from .payment_results import PaymentDeliveriesResult
from .payments import created
from .preview import Preview
from .results import Created, Done, done

ITEM_FIELDS = ("id", "quantity")


@tool("crm.item.payment.delivery.add", effect=Effect.CREATE, idempotent=True)
async def payment_delivery_add(portal: Portal, paymentId: PaymentId, deliveryId: DeliveryId) -> Created:
    """Put a delivery of the same order into an unpaid payment; its sum grows by the delivery's price."""
    method = "crm.item.payment.delivery.add"
    item = created(await portal.call(method, {"paymentId": paymentId, "deliveryId": deliveryId}), method)
    portal.payment_of_item[item.id] = paymentId
    return item.saying(f"Item {item.id}: delivery {deliveryId}.{await new_sum(portal, paymentId)}")


@tool("crm.item.payment.delivery.list", effect=Effect.READ)
async def payment_delivery_list(
    portal: Portal, paymentId: PaymentId, filter: Filter | None = None, order: Order | None = None
) -> PaymentDeliveriesResult:
    """List the delivery items of a payment (no pages). Filter and order: id, quantity."""
    method = "crm.item.payment.delivery.list"
    parameters = {"paymentId": paymentId, **conditions(ITEM_FIELDS, filter, order)}
    items = records(PaymentDelivery, await portal.call(method, parameters), method)
    return PaymentDeliveriesResult(items=portal.seen(items))


@tool("crm.item.payment.delivery.delete", effect=Effect.REMOVE, guarded=True)
async def payment_delivery_delete(portal: Portal, id: ItemId, paymentId: HoldingPaymentId | None = None) -> Done:
    """Take a delivery item out of an unpaid payment; the delivery itself stays."""
    payment = await held_by(portal, id, paymentId, portal.payment_deliveries)
    await portal.call("crm.item.payment.delivery.delete", {"id": id})
    return done(f"Payment item {id} deleted.{await new_sum(portal, payment)}")


@payment_delivery_delete.preview
async def _(portal: Portal, id: ItemId, paymentId: HoldingPaymentId | None = None) -> Preview:
    title, undo = f"Delete delivery item {id}", "payment_delivery_add puts it back under another id"
    found = await holding(portal, id, paymentId, portal.payment_deliveries)
    if found is None:
        return Preview(title, unseen(id), ["the payment's sum is computed anew"], undo)
    item, payment = found
    delivery = await portal.delivery(item.deliveryId)
    price = money(delivery.priceDelivery, delivery.currency)
    return Preview(
        f"{title} of {titled(payment)}",
        [f"goes: {described_delivery(delivery)}"],
        [f"the payment's sum falls by {price}; the delivery itself stays"],
        undo,
    )


@tool("crm.item.payment.delivery.setDelivery", effect=Effect.OVERWRITE, guarded=True, idempotent=True)
async def payment_delivery_set_delivery(
    portal: Portal, id: ItemId, deliveryId: DeliveryId, paymentId: HoldingPaymentId | None = None
) -> Done:
    """Let a delivery item stand for another delivery of the same order."""
    payment = await held_by(portal, id, paymentId, portal.payment_deliveries)
    await _of_same_order(portal, deliveryId, payment)
    await portal.call("crm.item.payment.delivery.setDelivery", {"id": id, "deliveryId": deliveryId})
    return done(f"Payment item {id} stands for delivery {deliveryId}.{await new_sum(portal, payment)}")


@payment_delivery_set_delivery.preview
async def _(portal: Portal, id: ItemId, deliveryId: DeliveryId, paymentId: HoldingPaymentId | None = None) -> Preview:
    after = await _of_same_order(portal, deliveryId, paymentId or portal.payment_of_item.get(id))
    title, follows = f"Let delivery item {id} stand for delivery {deliveryId}", "the payment's sum is computed anew"
    found = await holding(portal, id, paymentId, portal.payment_deliveries)
    if found is None:
        unchecked = "whether the delivery is of the payment's order could not be checked: give paymentId"
        changes = [*unseen(id), f"after: {described_delivery(after)}"]
        return Preview(title, changes, [follows, unchecked], "set the old delivery again")
    item, payment = found
    try:
        before = described_delivery(await portal.delivery(item.deliveryId))
    except NotFound:
        before = f"delivery {item.deliveryId}, which does not exist"
    undo = f"payment_delivery_set_delivery with deliveryId {item.deliveryId}"
    return Preview(f"{title} in {titled(payment)}", [f"{before} → {described_delivery(after)}"], [follows], undo)


async def _of_same_order(portal: Portal, id: int, payment_id: int | None) -> Delivery:
    """The delivery, which the portal would take unchecked, and count as free, if there were none (facts.md §7.28).

    Raises:
        NotFound: It does not exist.
        Conflict: It belongs to another order than the payment, as far as that is known.

    """
    delivery = await portal.delivery(id)
    if payment_id is not None:
        payment = await portal.payment(payment_id)
        if _order(payment.accountNumber) != _order(delivery.accountNumber):
            raise Conflict(
                "FOREIGN_DELIVERY",
                f"delivery {id} no. {delivery.accountNumber} is not of the order of payment {payment.accountNumber}",
                recovery="Choose a delivery of the same deal with delivery_list.",
            )
    return delivery


def _order(account_number: str) -> str:
    """The order's number, which payments and deliveries have before the last slash (facts.md §6.2, §9.8)."""
    return account_number.rpartition("/")[0]
