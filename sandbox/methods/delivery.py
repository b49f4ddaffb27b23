"""`crm.item.delivery.*`: the shipments of a deal's or an invoice's orders (facts.md §7.29, §7.30).

Here `deliveryId` is the delivery service; the shipment document is `id`.
"""

from __future__ import annotations

from typing import Any

from .. import orders, rights
from ..filters import Clause, Vocabulary
from ..listing import Listing, Query, records
from ..registry import Call, Refusal, method
from ..sale_fields import SALE_SHIPMENT, SHIPMENT
from ..shipments import find_shipment


def _unknown_field(part: str, name: str) -> Refusal:
    return Refusal("0", f"Unknown field definition `{name}` in the {part} of Shipment")


DELIVERIES = Listing("shipment", SHIPMENT, Vocabulary(SALE_SHIPMENT, SALE_SHIPMENT, _unknown_field, code="0"))


@method("crm.item.delivery.get")
def delivery_get(call: Call, id: int) -> object:
    """Return a delivery, also a system shipment or one of an order that is bound to nothing."""
    if find_shipment(call.store, id) is None:
        raise Refusal("0", "Delivery has not been found")
    rights.require_payment_reading(call)
    return records(call.store, DELIVERIES, Query(), Clause("id = ?", (id,)))[0]


@method("crm.item.delivery.list")
def delivery_list(
    call: Call,
    entityId: int,
    entityTypeId: int,
    filter: dict[str, Any] | None = None,
    order: dict[str, Any] | None = None,
) -> object:
    """Return all deliveries of an object's orders, without pages, system shipments and those without a service."""
    rights.require_payment_reading(call)
    if entityId <= 0:
        raise rights.payment_denied(call)
    visible = Clause("system = 'N' AND delivery_id > 0")
    within = visible & orders.bound_to(entityTypeId, entityId)
    return records(call.store, DELIVERIES, Query(SHIPMENT, filter, order), within)
