"""Deliveries, also called shipments, of deals and new invoices. They are made on the portal, not by this API family."""

from __future__ import annotations

from ..rest import Portal
from ..rest.portal import records
from ..rest.records import Delivery
from .arguments import DeliveryId, Filter, Order, OwnerId, PayableType
from .conditions import conditions
from .effect import Effect
from .operation import tool
from .payment_results import DeliveriesResult, DeliveryResult

DELIVERY_FIELDS = (
    *("id", "orderId", "accountNumber", "deliveryId", "deliveryName", "deliveryXmlId", "priceDelivery"),
    *("basePriceDelivery", "customPriceDelivery", "discountPrice", "currency", "allowDelivery", "dateAllowDelivery"),
    *("deducted", "dateDeducted", "canceled", "statusId", "trackingNumber", "trackingStatus", "comments", "companyId"),
    *("responsibleId", "system", "xmlId", "dateInsert", "marked"),
)
"""What a filter or order may name (facts.md §8.6)."""


@tool("crm.item.delivery.get", effect=Effect.READ)
async def delivery_get(portal: Portal, id: DeliveryId) -> DeliveryResult:
    """Read one delivery: price, service, shipped or not."""
    return DeliveryResult(delivery=await portal.delivery(id))


@tool("crm.item.delivery.list", effect=Effect.READ)
async def delivery_list(
    portal: Portal,
    entityId: OwnerId,
    entityTypeId: PayableType,
    filter: Filter | None = None,
    order: Order | None = None,
) -> DeliveriesResult:
    """List all deliveries of a deal or new invoice (no pages). In the answer deliveryId is the service."""
    method = "crm.item.delivery.list"
    parameters = {"entityId": entityId, "entityTypeId": entityTypeId.id, **conditions(DELIVERY_FIELDS, filter, order)}
    return DeliveriesResult(deliveries=records(Delivery, await portal.call(method, parameters), method))
