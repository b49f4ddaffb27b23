"""Which deal or new invoice an order belongs to. An order has one binding at most."""

from __future__ import annotations

from typing import Any

from ..rest import Portal
from ..rest.errors import NotFound
from ..rest.object_types import object_type
from ..rest.portal import listed, mapped, record, records
from ..rest.records import OrderBinding
from .arguments import Filter, Order, OrderId, OwnerId, PayableType, Select, Start
from .conditions import conditions
from .effect import Effect
from .operation import ArgumentsRefused, tool
from .preview import Preview
from .results import BindingFieldsResult, BindingResult, BindingsResult, Done, done

_SEE_BINDINGS = "See the bindings that exist with orderentity_list."
BINDING_FIELDS = ("orderId", "ownerId", "ownerTypeId")


@tool("crm.orderentity.add", effect=Effect.CREATE, guarded="when the order is bound to another object")
async def orderentity_add(
    portal: Portal, orderId: OrderId, ownerId: OwnerId, ownerTypeId: PayableType
) -> BindingResult:
    """Bind an order to a deal or new invoice; a binding to another object is replaced."""
    method = "crm.orderentity.add"
    fields = {"orderId": orderId, "ownerId": ownerId, "ownerTypeId": ownerTypeId.id}
    bound = record(OrderBinding, mapped(await portal.call(method, {"fields": fields}), "dealOrder", method), method)
    return BindingResult(dealOrder=bound).saying(f"Order {orderId} is bound to {ownerTypeId.label} {ownerId}.")


@orderentity_add.preview
async def _(portal: Portal, orderId: OrderId, ownerId: OwnerId, ownerTypeId: PayableType) -> Preview | None:
    for binding in await portal.bindings(orderId):
        if (binding.ownerTypeId, binding.ownerId) != (ownerTypeId.id, ownerId):
            before = f"{object_type(binding.ownerTypeId or 0).label} {binding.ownerId}"
            return Preview(
                f"Move order {orderId} from {before} to {ownerTypeId.label} {ownerId}",
                [f"bound to {before} → {ownerTypeId.label} {ownerId}"],
                [f"its payments and deliveries are no longer listed for {before}"],
                f"orderentity_add with ownerTypeId {binding.ownerTypeId}, ownerId {binding.ownerId}",
            )
    return None


@tool("crm.orderentity.list", effect=Effect.READ)
async def orderentity_list(
    portal: Portal,
    select: Select | None = None,
    filter: Filter | None = None,
    order: Order | None = None,
    start: Start = 0,
) -> BindingsResult:
    """List order bindings by orderId, ownerId, ownerTypeId; 50 a page."""
    method = "crm.orderentity.list"
    parameters = conditions(BINDING_FIELDS, filter, order, start)
    if select:
        if unknown := [name for name in select if name not in BINDING_FIELDS]:
            known = ", ".join(BINDING_FIELDS)
            raise ArgumentsRefused(f"select: there is no field {unknown[0][:40]!r}; fields: {known}")
        parameters["select"] = select
    answer = await portal.answer(method, parameters)
    page: dict[str, Any] = {"orderEntity": records(OrderBinding, listed(answer.result, "orderEntity", method), method)}
    page |= {name: value for name, value in (("total", answer.total), ("next", answer.next)) if value is not None}
    return BindingsResult(**page)


@tool("crm.orderentity.deleteByFilter", effect=Effect.REMOVE, guarded=True)
async def orderentity_delete_by_filter(
    portal: Portal, orderId: OrderId, ownerId: OwnerId, ownerTypeId: PayableType
) -> Done:
    """Remove one binding: the order and its payments stay, but are no longer listed for the object."""
    fields = {"orderId": orderId, "ownerId": ownerId, "ownerTypeId": ownerTypeId.id}
    await portal.call("crm.orderentity.deleteByFilter", {"fields": fields})
    return done(f"Order {orderId} is no longer bound to {ownerTypeId.label} {ownerId}.")


@orderentity_delete_by_filter.preview
async def _(portal: Portal, orderId: OrderId, ownerId: OwnerId, ownerTypeId: PayableType) -> Preview:
    bound = any(
        (each.ownerTypeId, each.ownerId) == (ownerTypeId.id, ownerId) for each in await portal.bindings(orderId)
    )
    owner = f"{ownerTypeId.label} {ownerId}"
    if not bound:
        raise NotFound("NOT_BOUND", f"order {orderId} is not bound to {owner}", recovery=_SEE_BINDINGS)
    return Preview(
        f"Unbind order {orderId} from {owner}",
        [f"goes: the binding of order {orderId} to {owner}"],
        [f"its payments and deliveries are no longer listed for {owner}; a new payment there makes a new order"],
        "orderentity_add with the same arguments",
    )


@tool("crm.orderentity.getFields", effect=Effect.READ)
async def orderentity_get_fields(portal: Portal) -> BindingFieldsResult:
    """Describe the fields of order bindings."""
    method = "crm.orderentity.getFields"
    return BindingFieldsResult(orderEntity=mapped(await portal.call(method, {}), "orderEntity", method))
