"""`crm.item.payment.delivery.*`: the deliveries that a payment covers (facts.md §7.25 to §7.28).

Here `deliveryId` is a shipment document, not a delivery service.
"""

from __future__ import annotations

from typing import Any

from .. import columns, payments
from ..filters import Clause, Vocabulary
from ..listing import Listing, Query, records
from ..registry import Call, Refusal, method
from ..shipments import find_shipment
from .payment_item import item_to_change, payment_to_change, payment_to_read, unknown_field

DELIVERY = {
    "id": columns.integer("id"),
    "paymentId": columns.integer("payment_id"),
    "quantity": columns.quantity("quantity"),
    "deliveryId": columns.integer("shipment_id"),
}
_NAMES = {name: DELIVERY[name] for name in ("id", "quantity")}
DELIVERIES = Listing("payment_item", DELIVERY, Vocabulary(_NAMES, _NAMES, unknown_field, code="0"))


@method("crm.item.payment.delivery.add", writes=True)
def payment_delivery_add(call: Call, paymentId: int, deliveryId: int) -> object:
    """Put a shipment of the payment's order into the payment. One that is in it already gives its present item."""
    payment = payment_to_change(call, paymentId)
    shipment = find_shipment(call.store, deliveryId)
    if shipment is None or shipment["order_id"] != payment["order_id"]:
        raise Refusal("0", "Shipment was not found")
    return payments.add_delivery(call.store, paymentId, deliveryId)


@method("crm.item.payment.delivery.list")
def payment_delivery_list(
    call: Call, paymentId: int, filter: dict[str, Any] | None = None, order: dict[str, Any] | None = None
) -> object:
    """Return all deliveries of a payment."""
    payment_to_read(call, paymentId)
    within = Clause("payment_id = ? AND shipment_id IS NOT NULL", (paymentId,))
    return records(call.store, DELIVERIES, Query(DELIVERY, filter, order), within)


@method("crm.item.payment.delivery.delete", writes=True)
def payment_delivery_delete(call: Call, id: int) -> object:
    """Take a delivery out of an unpaid payment."""
    payments.delete_item(call.store, item_to_change(call, id, "shipment_id"))
    return True


@method("crm.item.payment.delivery.setDelivery", writes=True)
def payment_delivery_set_delivery(call: Call, id: int, deliveryId: int) -> object:
    """Put another shipment in an item's place. Nobody checks that it exists: a missing one counts as 0."""
    item = item_to_change(call, id, "shipment_id")
    call.store.update("payment_item", id, shipment_id=deliveryId)
    payments.refresh_sum(call.store, item["payment_id"])
    return True
