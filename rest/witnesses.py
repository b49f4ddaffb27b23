"""What is read to find out the outcome of a write: the fewest records that can prove it, by id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from .errors import AccessDenied, NotFound, UnreadableReply
from .evidence import Parameters, Records, View

_PAGE = 50


async def payment(view: View, parameters: Parameters) -> Records:
    """The payment `id`."""
    return await _single(view, "crm.item.payment.get", parameters["id"])


async def row(view: View, parameters: Parameters) -> Records:
    """The product row `id`."""
    return await _single(view, "crm.item.productrow.get", parameters["id"], "productRow")


async def payments(view: View, parameters: Parameters) -> Records:
    """All payments of the object. Without any, its orders, as negative ids: an order that is unbound hides its own."""
    method = "crm.item.payment.list"
    asked = {"entityId": parameters["entityId"], "entityTypeId": parameters["entityTypeId"]}
    return _by_id(method, await view.read(method, asked)) or await _orders(view, parameters)


async def products(view: View, parameters: Parameters) -> Records:
    """All product items of the payment `paymentId`."""
    method = "crm.item.payment.product.list"
    return _by_id(method, await view.read(method, {"paymentId": parameters["paymentId"]}))


async def deliveries(view: View, parameters: Parameters) -> Records:
    """All delivery items of the payment `paymentId`."""
    method = "crm.item.payment.delivery.list"
    return _by_id(method, await view.read(method, {"paymentId": parameters["paymentId"]}))


async def neighbouring_products(view: View, parameters: Parameters) -> Records | None:
    """All product items of the payment that holds the item `id`, if it is known which does."""
    held_by = view.payment_of_item.get(int(parameters["id"]))
    return None if held_by is None else await products(view, {"paymentId": held_by})


async def neighbouring_deliveries(view: View, parameters: Parameters) -> Records | None:
    """All delivery items of the payment that holds the item `id`, if it is known which does."""
    held_by = view.payment_of_item.get(int(parameters["id"]))
    return None if held_by is None else await deliveries(view, {"paymentId": held_by})


async def newest_rows(view: View, parameters: Parameters) -> Records:
    """The newest product rows of the object, one page of them."""
    fields = parameters["fields"]
    return await _rows(view, fields, {}, "desc")


async def all_rows(view: View, parameters: Parameters) -> Records:
    """All product rows of the object. They are read by rising ids, so that none is missed while others write."""
    found: dict[int, Mapping[str, Any]] = {}
    page: Records = await _rows(view, parameters, {}, "asc")
    found |= page
    while len(page) == _PAGE:
        page = await _rows(view, parameters, {">id": max(page)}, "asc")
        found |= page
    return found


async def row_exists(view: View, parameters: Parameters) -> bool:
    """Whether the product row `rowId` is there: its payment items go with it."""
    return bool(await row(view, {"id": parameters["rowId"]}))


async def binding(view: View, parameters: Parameters) -> Records:
    """The object that the order is bound to, by the order's id."""
    return await _bindings(view, {"=orderId": parameters["fields"]["orderId"]})


async def newest_shipments(view: View, parameters: Parameters) -> Records:
    """The newest shipments of the order, one page of them."""
    method = "sale.shipment.list"
    asked = {
        "select": ["id", "orderId"],
        "filter": {"=orderId": parameters["fields"]["orderId"]},
        "order": {"id": "desc"},
    }
    return _by_id(method, _under("shipments", await view.read(method, asked)))


async def _orders(view: View, parameters: Parameters) -> Records:
    owner = {"=ownerId": parameters["entityId"], "=ownerTypeId": parameters["entityTypeId"]}
    try:
        bound = await _bindings(view, owner)
    except AccessDenied:  # It takes a right to the online store that payments do not.
        return {}
    return {-id: binding for id, binding in bound.items()}


async def _bindings(view: View, condition: Mapping[str, Any]) -> Records:
    method = "crm.orderentity.list"
    asked = {"select": ["orderId", "ownerId", "ownerTypeId"], "filter": condition}
    return _by_id(method, _under("orderEntity", await view.read(method, asked)), "orderId")


async def _single(view: View, method: str, id: object, key: str = "") -> Records:
    try:
        result = await view.read(method, {"id": id})
    except NotFound:
        return {}
    return _by_id(method, [_under(key, result) if key else result])


async def _rows(view: View, owner: Mapping[str, Any], condition: Mapping[str, Any], direction: str) -> Records:
    method = "crm.item.productrow.list"
    asked = {
        "filter": {"=ownerType": owner["ownerType"], "=ownerId": owner["ownerId"], **condition},
        "order": {"id": direction},
        "start": -1,
    }
    return _by_id(method, _under("productRows", await view.read(method, asked)))


def _under(key: str, result: object) -> object:
    return cast("Mapping[str, object]", result).get(key) if isinstance(result, Mapping) else None


def _by_id(method: str, found: object, key: str = "id") -> Records:
    try:
        return {int(each[key]): each for each in cast("list[Mapping[str, Any]]", found)}
    except (KeyError, TypeError, ValueError):
        pass
    raise UnreadableReply("UNEXPECTED_RESULT", f"the result of {method} is not as documented", writes=False)
