"""`sale.order.*`, `sale.payment.list`, `sale.shipment.*`: what stands behind payments and deliveries.

For administrators only (facts.md §8.5 to §8.7).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import columns, orders, rights, shipments
from ..columns import Column
from ..filters import Clause
from ..listing import EVERYTHING, Query, listing, page, records
from ..numbers import MONEY, scaled, whole
from ..registry import Call, Refusal, method
from ..sale_fields import ORDER, SALE_PAYMENT, SALE_SHIPMENT
from ..store import Store
from ..totals import refresh_total

ORDERS = listing("sale_order", ORDER)
PAYMENTS = listing("payment", SALE_PAYMENT)
SHIPMENTS = listing("shipment", SALE_SHIPMENT)
BASKET: dict[str, Column] = {
    "id": columns.old_style(columns.integer("id")),
    "orderId": columns.integer("order_id"),
    "productId": columns.integer("product_id"),
    "name": columns.text("name"),
    "price": columns.price("price"),
    "basePrice": columns.price("base_price"),
    "quantity": columns.quantity("quantity"),
    "currency": columns.text("(SELECT currency FROM sale_order WHERE sale_order.id = order_id)"),
    "vatRate": columns.scaled("vat_rate", 6),
    "vatIncluded": columns.flag("vat_included"),
    "measureCode": columns.integer("measure_code"),
    "xmlId": columns.text("'crm_pr_' || row_id"),
}
BASKET_ITEMS = listing("basket_item", BASKET)
SHIPMENT_ITEMS = listing(
    "shipment_item",
    {
        "id": columns.integer("id"),
        "orderDeliveryId": columns.integer("shipment_id"),
        "basketId": columns.integer("basket_item_id"),
        "quantity": columns.quantity("quantity"),
    },
)
VISIBLE = Clause("system = 'N'")


@method("sale.order.list", scope="sale")
def order_list(
    call: Call,
    select: list[Any] | None = None,
    filter: dict[str, Any] | None = None,
    order: dict[str, Any] | None = None,
    start: int = 0,
) -> object:
    """Return a page of orders."""
    rights.require_store_administrator(call)
    return page(call.store, ORDERS, Query(select or (), filter, order), start).under("orders")


@method("sale.order.get", scope="sale")
def order_get(call: Call, id: int) -> object:
    """Return an order with its basket, payments, shipments and client."""
    rights.require_store_administrator(call)
    found = records(call.store, ORDERS, Query(), Clause("id = ?", (id,)))
    if not found:
        raise Refusal("200540400001", "order does not exist")
    within = Clause("order_id = ?", (id,))
    parts: dict[str, object] = {
        "basketItems": records(call.store, BASKET_ITEMS, Query(), within),
        "payments": records(call.store, PAYMENTS, Query(), within),
        "shipments": [
            {**shipment, "shipmentItems": _contents(call.store, shipment["id"])}
            for shipment in records(call.store, SHIPMENTS, Query(), within & VISIBLE)
        ],
        "clients": _clients(call.store, id),
        "propertyValues": [],
        "tradeBindings": [],
    }
    return {"order": found[0] | parts}


@method("sale.payment.list", scope="sale")
def payment_list(
    call: Call,
    select: list[Any] | None = None,
    filter: dict[str, Any] | None = None,
    order: dict[str, Any] | None = None,
    start: int = 0,
) -> object:
    """Return a page of the payments of all orders."""
    rights.require_store_administrator(call)
    return page(call.store, PAYMENTS, Query(select or (), filter, order), start, EVERYTHING).under("payments")


@method("sale.shipment.list", scope="sale")
def shipment_list(
    call: Call,
    select: list[Any] | None = None,
    filter: dict[str, Any] | None = None,
    order: dict[str, Any] | None = None,
    start: int = 0,
) -> object:
    """Return a page of the shipments of all orders, without system shipments."""
    rights.require_store_administrator(call)
    return page(call.store, SHIPMENTS, Query(select or (), filter, order), start, VISIBLE).under("shipments")


@method("sale.shipment.add", scope="sale", writes=True)
def shipment_add(call: Call, fields: dict[str, Any]) -> object:
    """Add a shipment to an order. Without `deliveryId` it has no service, and the CRM's list does not show it."""
    if not call.user.admin:
        raise Refusal("200040300020", "Access Denied")
    missing = [name for name in ("orderId", "allowDelivery", "deducted") if fields.get(name) is None]
    if missing:
        raise Refusal("0", f"Required fields: {', '.join(missing)}")
    order_id = _cast(fields, "orderId", whole)
    order = call.store.one("SELECT * FROM sale_order WHERE id = ?", order_id)
    if order is None:
        raise Refusal("200540400001", "order does not exist")
    service_id = _cast(fields, "deliveryId", whole)
    service = call.store.one("SELECT * FROM delivery_service WHERE id = ?", service_id)
    if service_id and service is None:
        raise Refusal("0", "Delivery service was not found")
    name = "priceDelivery" if fields.get("priceDelivery") is not None else "basePriceDelivery"
    shipment_id = shipments.create_shipment(
        call.store,
        order,
        service,
        _cast(fields, name, _price),
        call.now,
        allowed=fields["allowDelivery"] == "Y",
        deducted=fields["deducted"] == "Y",
        comments=str(fields.get("comments") or ""),
        tracking_number=str(fields.get("trackingNumber") or ""),
    )
    if owner := orders.order_owner(call.store, order_id):
        refresh_total(call.store, owner, call.now)
    return {"shipment": records(call.store, SHIPMENTS, Query(), Clause("id = ?", (shipment_id,)))[0]}


def _price(value: object) -> int:
    price = scaled(value, MONEY)
    if price < 0:
        raise ValueError(value)
    return price


def _cast(fields: dict[str, Any], name: str, cast: Callable[[object], int]) -> int:
    value = fields.get(name)
    try:
        return 0 if value is None else cast(value)
    except (ValueError, OverflowError):
        raise Refusal("0", f"Invalid value for field '{name}'") from None


def _contents(store: Store, shipment_id: object) -> list[dict[str, object]]:
    return records(store, SHIPMENT_ITEMS, Query(), Clause("shipment_id = ?", (int(str(shipment_id)),)))


def _clients(store: Store, order_id: int) -> list[dict[str, object]]:
    order = store.one("SELECT company_id, contact_id FROM sale_order WHERE id = ?", order_id)
    clients = ((4, order["company_id"]), (3, order["contact_id"])) if order else ()
    return [{"entityTypeId": type, "entityId": id, "isPrimary": "Y"} for type, id in clients if id]
