"""`crm.item.payment.*`: the payments of a deal's or an invoice's orders (facts.md §7.13 to §7.20)."""

from __future__ import annotations

import sqlite3
from typing import Any

from .. import orders, payments, rights
from ..filters import Clause, Vocabulary
from ..listing import Listing, Query, records
from ..numbers import whole
from ..objects import find_owner, type_by_id
from ..payment_link import payment_link
from ..registry import Call, Refusal, method
from ..sale_fields import PAYMENT, SALE_PAYMENT


def _unknown_field(part: str, name: str) -> Refusal:
    return Refusal("0", f"Unknown field definition `{name}` in the {part} of Payment")


PAYMENTS = Listing("payment", PAYMENT, Vocabulary(SALE_PAYMENT, SALE_PAYMENT, _unknown_field, code="0"))


@method("crm.item.payment.add", writes=True)
def payment_add(call: Call, entityId: int, entityTypeId: int, fields: dict[str, Any] | None = None) -> object:
    """Add an empty payment to an object's newest order, which is made when there is none."""
    rights.require_payment_changing(call)
    type = type_by_id(call.store, entityTypeId)
    if type is None:
        raise Refusal("0", f"Unknown entity type: {entityTypeId}.")
    if not type.payments:
        raise Refusal("0", "Cannot create payment for this entity.")
    owner = find_owner(call.store, type, entityId)
    if owner is None:
        classic = f"Entity with identifier №{entityId} does not exist"
        raise Refusal("0", classic if call.profile.integer_codes else f"Entity ID #{entityId} does not exist.")
    wanted = (fields or {}).get("paySystemId")
    pay_system = payments.default_pay_system(call.store) if wanted is None else _pay_system(call, wanted)
    order_id = orders.order_for_billing(call.store, owner, call.now, call.user.id)
    return payments.create_payment(call.store, order_id, pay_system, call.now)


@method("crm.item.payment.update", writes=True)
def payment_update(call: Call, id: int, fields: dict[str, Any]) -> object:
    """Change whether a payment is paid, its payment system, or both. Other fields are ignored."""
    paid, pay_system_id = fields.get("paid"), fields.get("paySystemId")
    if paid is None and pay_system_id is None:
        raise Refusal("0", "Empty fields")
    payment = _payment_to_change(call, id)
    if pay_system_id is not None:
        pay_system = _pay_system(call, pay_system_id)
        changes = {"pay_system_id": pay_system["id"], "pay_system_name": pay_system["name"]}
        call.store.update("payment", id, **changes)
    if paid is not None:
        _set_paid(call, payment, paid)
    return True


@method("crm.item.payment.get")
def payment_get(call: Call, id: int) -> object:
    """Return a payment, also of an order that is bound to nothing."""
    _payment(call, id)
    rights.require_payment_reading(call)
    return records(call.store, PAYMENTS, Query(), Clause("id = ?", (id,)))[0]


@method("crm.item.payment.list")
def payment_list(
    call: Call,
    entityId: int,
    entityTypeId: int,
    filter: dict[str, Any] | None = None,
    order: dict[str, Any] | None = None,
) -> object:
    """Return all payments of an object's orders, without pages."""
    rights.require_payment_reading(call)
    if entityId <= 0:
        raise rights.payment_denied(call)
    return records(call.store, PAYMENTS, Query(PAYMENT, filter, order), orders.bound_to(entityTypeId, entityId))


@method("crm.item.payment.delete", writes=True)
def payment_delete(call: Call, id: int) -> object:
    """Remove an unpaid payment; what it covered can be billed again."""
    payments.delete_payment(call.store, _payment_to_change(call, id))
    return True


@method("crm.item.payment.pay", writes=True)
def payment_pay(call: Call, id: int) -> object:
    """Mark a payment paid."""
    payments.pay(call.store, _payment_to_change(call, id), call.user.id, call.now)
    return True


@method("crm.item.payment.unpay", writes=True)
def payment_unpay(call: Call, id: int) -> object:
    """Mark a payment unpaid."""
    payments.unpay(call.store, _payment_to_change(call, id))
    return True


@method("salescenter.payment.getPublicUrl", scope="salescenter")
def payment_get_public_url(call: Call, id: Any) -> object:
    """Return the links under which the customer finds a payment. Any user may have them."""
    if isinstance(id, dict | list):
        raise Refusal("0", "Parameter id must be integer")
    try:
        payment = payments.find_payment(call.store, whole(id))
    except (ValueError, OverflowError):
        payment = None
    if payment is None:
        classic = "payment does not exist"
        raise Refusal("200640400001", classic if call.profile.integer_codes else "payment is not exists")
    return {"payment": payment_link(call.address, payment)}


def _payment(call: Call, id: int) -> sqlite3.Row:
    payment = payments.find_payment(call.store, id)
    if payment is None:
        raise Refusal("0", "Payment has not been found")
    return payment


def _payment_to_change(call: Call, id: int) -> sqlite3.Row:
    payment = _payment(call, id)
    rights.require_payment_changing(call)
    return payment


def _pay_system(call: Call, id: object) -> sqlite3.Row:
    try:
        return payments.find_pay_system(call.store, whole(id))
    except (ValueError, OverflowError):
        return payments.find_pay_system(call.store, 0)


def _set_paid(call: Call, payment: sqlite3.Row, paid: object) -> None:
    if paid == "Y":
        payments.pay(call.store, payment, call.user.id, call.now)
    elif paid == "N":
        payments.unpay(call.store, payment)
    else:
        raise Refusal("0", "Value of field 'paid' must be Y or N")
