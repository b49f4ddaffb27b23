"""`crm.orderentity.*`: which CRM object an order is bound to (facts.md §7.9 to §7.12)."""

from __future__ import annotations

from typing import Any

from .. import columns, orders, rights
from ..listing import Query, listing, page
from ..numbers import whole
from ..objects import DEAL, INVOICE
from ..registry import Call, Refusal, method

BINDING = {
    "orderId": columns.integer("order_id"),
    "ownerId": columns.integer("owner_id"),
    "ownerTypeId": columns.integer("owner_type_id"),
}
BINDINGS = listing("order_binding", BINDING, "owner_id, order_id")
EMPTY = {"ownerId": "201640400001", "ownerTypeId": "201640400002", "orderId": "201640400003"}
"""The codes for a field that was sent without a value, in the order in which they are checked."""


@method("crm.orderentity.add", writes=True)
def orderentity_add(call: Call, fields: dict[str, Any]) -> object:
    """Bind an order to a deal or an invoice, in place of its present binding. The object itself is not looked up."""
    rights.require_store_changing(call)
    owner_id, type_id, order_id = _triple(fields)
    if orders.is_bound(call.store, order_id, type_id, owner_id):
        raise Refusal("201650000001", "Duplicate entry for key [ownerId, ownerTypeId, orderId]")
    _require_order(call, order_id)
    if type_id not in (DEAL, INVOICE):
        raise Refusal("0", f"Orders cannot be bound to objects of type {type_id}")
    orders.bind(call.store, order_id, type_id, owner_id, call.now)
    return {"dealOrder": {"orderId": order_id, "ownerId": owner_id, "ownerTypeId": type_id}}


@method("crm.orderentity.list")
def orderentity_list(
    call: Call,
    select: list[Any] | None = None,
    filter: dict[str, Any] | None = None,
    order: dict[str, Any] | None = None,
    start: int = 0,
) -> object:
    """Return a page of bindings."""
    rights.require_store_reading(call)
    return page(call.store, BINDINGS, Query(select or (), filter, order), start).under("orderEntity")


@method("crm.orderentity.deleteByFilter", writes=True)
def orderentity_delete_by_filter(call: Call, fields: dict[str, Any]) -> object:
    """Remove a binding, named by all three of its fields. The order and its payments stay."""
    rights.require_store_changing(call)
    owner_id, type_id, order_id = _triple(fields)
    if not orders.is_bound(call.store, order_id, type_id, owner_id):
        raise Refusal("201640400004", "entity relation is not exists")
    _require_order(call, order_id)
    orders.unbind(call.store, order_id, call.now)
    return True


@method("crm.orderentity.getFields")
def orderentity_get_fields(call: Call) -> object:
    """Describe the fields of a binding."""
    rights.require_store_reading(call)
    field = {"isImmutable": True, "isReadOnly": False, "isRequired": True, "type": "integer"}
    return {"orderEntity": {name: dict(field) for name in BINDING}}


def _triple(fields: dict[str, Any]) -> tuple[int, int, int]:
    """Return owner, type and order: first every field must be there, then every one must have a value."""
    missing = [name for name in EMPTY if name not in fields]
    if missing:
        raise Refusal("0", f"Required fields: {', '.join(missing)}")
    values = {name: _id(fields[name]) for name in EMPTY}
    for name, code in EMPTY.items():
        if values[name] <= 0:
            raise Refusal(code, f"{name} - parameter is empty")
    return values["ownerId"], values["ownerTypeId"], values["orderId"]


def _id(value: object) -> int:
    try:
        return whole(value)
    except (ValueError, OverflowError):
        return 0


def _require_order(call: Call, order_id: int) -> None:
    if call.store.one("SELECT 1 FROM sale_order WHERE id = ?", order_id) is None:
        raise Refusal("200540400001", "order does not exist")
