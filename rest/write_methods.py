"""The writing methods, and how the outcome of each is found out when its reply is lost (facts.md §7, §9).

| method | read | applied | not applied |
|---|---|---|---|
| productrow.add, payment.add, shipment.add | the list it adds to | never for certain | the list is as before |
| payment.product.add | also whether the row is still there | never for certain | the list is as before |
| payment.delivery.add | the payment's delivery items | the delivery is among them | they are as before |
| productrow.update, payment.update, pay, unpay | the record | it is as asked | it is as before |
| product.setQuantity, delivery.setDelivery | the payment's items | the item is as asked | it is as before |
| productrow.set | all rows of the object | they are as asked | they are as before |
| productrow.delete, payment.delete | the record | it is gone | it is there |
| product.delete, delivery.delete | the payment's items | the item is gone | it is there |
| orderentity.add, orderentity.deleteByFilter | the order's binding | it is as asked | it is as before |

A method that is not here: unknown. An item of a payment whose payment nobody here has seen: unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from . import witnesses
from .evidence import (
    Applied,
    Evidence,
    Parameters,
    Record,
    Records,
    Unclear,
    Untouched,
    Verdict,
    changed,
    created,
    has,
    removed,
)

_WRITABLE = frozenset(
    {
        "discountRate",
        "discountSum",
        "discountTypeId",
        "measureCode",
        "price",
        "productId",
        "productName",
        "quantity",
        "sort",
        "taxIncluded",
        "taxName",
        "taxRate",
    }
)
_DEFAULTS = {"price": 0, "quantity": 1, "taxRate": None, "taxIncluded": "N", "sort": 0}
"""What a new row has that was not told otherwise (§7.1)."""
_LOOK = "Read it again and compare it with what was asked for; if it still differs, call again."
_NOT_TWICE = "Look at it first: if nobody else made it, it is this call's. Add no other before that is decided."


def _by(kind: str, *places: str) -> Callable[[Parameters, Mapping[int, int]], Hashable]:
    """The subject of that kind whose ids stand at these places of the parameters, as `fields.orderId`."""

    def subject(parameters: Parameters, payment_of_item: Mapping[int, int]) -> Hashable:
        return (kind, *(str(_found(parameters, place)) for place in places))

    return subject


def _found(parameters: Parameters, place: str) -> object:
    value: Any = parameters
    for step in place.split("."):
        value = value[step]
    return value


def _holder(parameters: Parameters, payment_of_item: Mapping[int, int]) -> Hashable:
    """The payment that holds the item, or the item itself."""
    held_by = payment_of_item.get(int(parameters["id"]))
    return ("item", str(parameters["id"])) if held_by is None else ("payment", str(held_by))


def _sent_row_fields(parameters: Parameters, row: Record) -> Record:
    return {name: value for name, value in parameters["fields"].items() if name in _WRITABLE and name in row}


def _sent_payment_fields(parameters: Parameters, payment: Record) -> Record:
    return {name: value for name, value in parameters["fields"].items() if name in ("paid", "paySystemId")}


def _paid(flag: str) -> Callable[[Parameters, Record], Record]:
    return lambda parameters, payment: {"paid": flag}


def _sent(name: str) -> Callable[[Parameters, Record], Record]:
    return lambda parameters, item: {name: parameters[name]}


def _row_result(row: Record) -> Any:
    return {"productRow": _without_store(row)}


def _without_store(row: Record) -> Record:
    """The row as writing methods answer it (§6.1)."""
    return {name: value for name, value in row.items() if name != "storeId"}


def _rows_set(parameters: Parameters, before: Records, after: Records) -> Verdict:
    if after == before:
        return Untouched()
    asked: Sequence[Record] = parameters["productRows"]
    if _are(after, asked) and not _are(before, asked):
        rows = sorted(after.values(), key=lambda row: (int(row.get("sort") or 0), int(row["id"])))
        return Applied({"productRows": [_without_store(row) for row in rows]})
    return Unclear("the rows have been changed meanwhile, and are not those that were asked for")


def _are(rows: Records, asked: Sequence[Record]) -> bool:
    """Whether these are the rows that were asked for, whatever their ids and order."""
    left = list(rows.values())
    for each in asked:
        wanted = {**_DEFAULTS, **{name: value for name, value in each.items() if name in _WRITABLE}}
        match = next((row for row in left if has(row, {name: wanted[name] for name in wanted if name in row})), None)
        if match is None:
            return False
        left.remove(match)
    return not left


def _delivery_added(parameters: Parameters, before: Records, after: Records) -> Verdict:
    """An item that is there is what the portal itself gives when the same delivery is added again (§7.25)."""
    items = [id for id, item in after.items() if has(item, {"deliveryId": parameters["deliveryId"]})]
    if len(items) == 1:
        return Applied(items[0])
    if after == before:
        return Untouched()
    return Unclear("the payment's delivery items have been changed meanwhile")


def _bound(parameters: Parameters, before: Records, after: Records) -> Verdict:
    asked = parameters["fields"]
    then, now = (seen.get(int(asked["orderId"]), {}) for seen in (before, after))
    if now == then:
        return Untouched()
    if has(now, asked):
        return Applied({"dealOrder": dict(asked)})
    return Unclear("the order's binding has been changed meanwhile, to something else")


def _unbound(parameters: Parameters, before: Records, after: Records) -> Verdict:
    asked = parameters["fields"]
    then, now = (has(seen.get(int(asked["orderId"]), {}), asked) for seen in (before, after))
    return Applied(True) if then and not now else Untouched(repeatable=then == now)


_PAYMENT, _ROW = _by("payment", "id"), _by("row", "id")
_HOLDING = _by("payment", "paymentId")
_ORDER = _by("order", "fields.orderId")

EVIDENCE: Mapping[str, Evidence] = {
    "crm.item.productrow.add": Evidence(
        _by("rows", "fields.ownerType", "fields.ownerId"), witnesses.newest_rows, created("row"), _NOT_TWICE
    ),
    "crm.item.productrow.update": Evidence(_ROW, witnesses.row, changed("row", _sent_row_fields, _row_result), _LOOK),
    "crm.item.productrow.set": Evidence(_by("rows", "ownerType", "ownerId"), witnesses.all_rows, _rows_set, _LOOK),
    "crm.item.productrow.delete": Evidence(_ROW, witnesses.row, removed("row", None), _LOOK),
    "crm.orderentity.add": Evidence(_ORDER, witnesses.binding, _bound, _LOOK),
    "crm.orderentity.deleteByFilter": Evidence(_ORDER, witnesses.binding, _unbound, _LOOK),
    "crm.item.payment.add": Evidence(
        _by("payments", "entityTypeId", "entityId"), witnesses.payments, created("payment"), _NOT_TWICE
    ),
    "crm.item.payment.update": Evidence(_PAYMENT, witnesses.payment, changed("payment", _sent_payment_fields), _LOOK),
    "crm.item.payment.delete": Evidence(_PAYMENT, witnesses.payment, removed("payment"), _LOOK),
    "crm.item.payment.pay": Evidence(_PAYMENT, witnesses.payment, changed("payment", _paid("Y")), _LOOK),
    "crm.item.payment.unpay": Evidence(_PAYMENT, witnesses.payment, changed("payment", _paid("N")), _LOOK),
    "crm.item.payment.product.add": Evidence(
        _HOLDING, witnesses.products, created("item"), _NOT_TWICE, intact=witnesses.row_exists
    ),
    "crm.item.payment.product.delete": Evidence(_holder, witnesses.neighbouring_products, removed("item"), _LOOK),
    "crm.item.payment.product.setQuantity": Evidence(
        _holder,
        witnesses.neighbouring_products,
        changed("item", _sent("quantity")),
        _LOOK,
    ),
    "crm.item.payment.delivery.add": Evidence(_HOLDING, witnesses.deliveries, _delivery_added, _LOOK),
    "crm.item.payment.delivery.delete": Evidence(_holder, witnesses.neighbouring_deliveries, removed("item"), _LOOK),
    "crm.item.payment.delivery.setDelivery": Evidence(
        _holder,
        witnesses.neighbouring_deliveries,
        changed("item", _sent("deliveryId")),
        _LOOK,
    ),
    "sale.shipment.add": Evidence(_ORDER, witnesses.newest_shipments, created("shipment"), _NOT_TWICE),
}
