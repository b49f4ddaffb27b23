"""Payments of deals and new invoices: add, change, read, delete, pay, unpay, and the customer's link."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from ..rest import Portal
from ..rest.errors import Conflict, UnreadableReply
from ..rest.numbers import money
from ..rest.portal import mapped, record, records
from ..rest.records import Payment, PaymentLink
from .arguments import Filter, Flag, IncludeQr, Order, OwnerId, Paid, PayableType, PaymentId, PaySystemId
from .conditions import conditions
from .effect import Effect
from .operation import ArgumentsRefused, tool
from .payment_items import described_deliveries, described_products
from .payment_results import LinkResult, PaymentResult, PaymentsResult
from .preview import Preview
from .results import Created, Done, done
from .tables import line

PAYMENT_FIELDS = (
    *("id", "orderId", "accountNumber", "paid", "datePaid", "empPaidId", "paySystemId", "paySystemName", "sum"),
    *("currency", "dateBill", "datePayBefore", "payVoucherNum", "payVoucherDate", "psStatus", "psStatusCode"),
    *("psStatusDescription", "psStatusMessage", "psSum", "psCurrency", "psResponseDate", "psInvoiceId", "xmlId"),
    *("companyId", "responsibleId", "isReturn", "payReturnNum", "payReturnDate", "payReturnComment", "empReturnId"),
    *("priceCod", "comments", "marked", "reasonMarked", "dateMarked", "empMarkedId", "externalPayment", "id1c"),
    *("updated1c", "version1c"),
)
"""What a filter or order may name (facts.md §8.5)."""


@tool("crm.item.payment.add", effect=Effect.CREATE)
async def payment_add(portal: Portal, entityId: OwnerId, entityTypeId: PayableType) -> Created:
    """Add an empty, unpaid payment (sum 0) to a deal or new invoice; fill it with payment_product_add."""
    method = "crm.item.payment.add"
    id = await portal.call(method, {"entityId": entityId, "entityTypeId": entityTypeId.id})
    return created(id, method).saying(f"Payment {id} added to {entityTypeId.label} {entityId}: empty, unpaid.")


@tool("crm.item.payment.update", effect=Effect.CHANGE, guarded="when paid is N", idempotent=True)
async def payment_update(
    portal: Portal, id: PaymentId, paid: Paid | None = None, paySystemId: PaySystemId | None = None
) -> Done:
    """Change a payment's system, or set it paid (Y) or unpaid (N)."""
    fields: dict[str, Any] = {"paid": paid, "paySystemId": paySystemId}
    fields = {name: value for name, value in fields.items() if value is not None}
    if not fields:
        raise ArgumentsRefused("give paid or paySystemId")
    await portal.call("crm.item.payment.update", {"id": id, "fields": fields})
    return done(f"Payment {id} updated: {', '.join(f'{name} {value}' for name, value in fields.items())}.")


@payment_update.preview
async def _(
    portal: Portal, id: PaymentId, paid: Flag | None = None, paySystemId: PaySystemId | None = None
) -> Preview | None:
    if paid != "N":
        return None
    payment = await portal.payment(id)
    changes = [f"paySystemId {payment.paySystemId} → {paySystemId}"] if paySystemId is not None else []
    return unpaying(payment, changes)


@tool("crm.item.payment.get", effect=Effect.READ)
async def payment_get(portal: Portal, id: PaymentId) -> PaymentResult:
    """Read one payment: sum, currency, paid or not, payment system."""
    return PaymentResult(payment=await portal.payment(id))


@tool("crm.item.payment.list", effect=Effect.READ)
async def payment_list(
    portal: Portal,
    entityId: OwnerId,
    entityTypeId: PayableType,
    filter: Filter | None = None,
    order: Order | None = None,
) -> PaymentsResult:
    """List all payments of a deal or new invoice (no pages)."""
    method = "crm.item.payment.list"
    parameters = {"entityId": entityId, "entityTypeId": entityTypeId.id, **conditions(PAYMENT_FIELDS, filter, order)}
    return PaymentsResult(payments=records(Payment, await portal.call(method, parameters), method))


@tool("crm.item.payment.delete", effect=Effect.REMOVE, guarded=True)
async def payment_delete(portal: Portal, id: PaymentId) -> Done:
    """Delete an unpaid payment with its items; their quantities can be billed again."""
    await portal.call("crm.item.payment.delete", {"id": id})
    return done(f"Payment {id} deleted.")


@payment_delete.preview
async def _(portal: Portal, id: PaymentId) -> Preview:
    payment = await portal.payment(id)
    if payment.paid == "Y":
        raise Conflict(
            "SALE_PAYMENT_DELETE_EXIST_PAID",
            f"payment {id} is paid",
            recovery="Set it unpaid with payment_unpay first.",
        )
    products, deliveries = await portal.payment_products(id), await portal.payment_deliveries(id)
    items = [*await described_products(portal, products), *await described_deliveries(portal, deliveries)]
    return Preview(
        f"Delete {numbered(payment)}: {money(payment.sum, payment.currency)}, unpaid",
        [f"goes: {item}" for item in items] or ["it holds no items"],
        ["the quantities can be billed again; order, rows and deliveries stay"] if items else [],
        "not possible; a new payment gets another id and another link",
    )


@tool("crm.item.payment.pay", effect=Effect.MONEY, idempotent=True)
async def payment_pay(portal: Portal, id: PaymentId) -> Done:
    """Set a payment to paid, when the money has arrived. Its items are then locked."""
    await portal.call("crm.item.payment.pay", {"id": id})
    return done(f"Payment {id} is paid.")


@tool("crm.item.payment.unpay", effect=Effect.MONEY, guarded=True, idempotent=True)
async def payment_unpay(portal: Portal, id: PaymentId) -> Done:
    """Set a paid payment back to unpaid. The portal keeps its payment date and who paid it."""
    await portal.call("crm.item.payment.unpay", {"id": id})
    return done(f"Payment {id} is unpaid.")


@payment_unpay.preview
async def _(portal: Portal, id: PaymentId) -> Preview:
    return unpaying(await portal.payment(id), [])


@tool("salescenter.payment.getPublicUrl", effect=Effect.READ, scope="salescenter")
async def payment_get_public_url(portal: Portal, id: PaymentId, includeQr: IncludeQr = False) -> LinkResult:
    """Get the link at which the customer pays; includeQr adds its QR code as an image."""
    method = "salescenter.payment.getPublicUrl"
    answer = await portal.call(method, {"id": id})
    if "isPhoneConfirmed" in answer and "payment" not in answer:
        raise Conflict(
            "PHONE_NOT_CONFIRMED",
            "the portal gives no payment link before its phone number is confirmed",
            recovery="Confirm the phone number of the portal's site, then call again.",
        )
    link = mapped(answer, "payment", method)
    result = LinkResult(payment=record(PaymentLink, {key: link.get(key) for key in ("url", "shortUrl")}, method))
    result.saying(f"Payment {id}: {line(result.payment.shortUrl)}")
    if not includeQr:
        return result
    try:
        return result.showing(base64.b64decode(str(link.get("qr") or ""), validate=True))
    except binascii.Error:
        raise UnreadableReply("UNEXPECTED_RESULT", "the portal's QR code is not base64", writes=False) from None


def unpaying(payment: Payment, changes: list[str]) -> Preview:
    """What an unpay does, under either name."""
    state = "" if payment.paid == "Y" else ": it is unpaid already"
    return Preview(
        f"Set {numbered(payment)} ({money(payment.sum, payment.currency)}) unpaid{state}",
        [f"paid {payment.paid} → N", *changes],
        ["its items can be changed again; the date paid and who paid stay on record"],
        f"payment_pay with id {payment.id}",
    )


def numbered(payment: Payment) -> str:
    """A payment by id and number."""
    return f"payment {payment.id} no. {line(payment.accountNumber)}"


def created(id: object, method: str) -> Created:
    """The id that a creating method gave.

    Raises:
        UnreadableReply: It gave none.

    """
    if isinstance(id, bool) or not isinstance(id, int | str) or not str(id).isdecimal():
        raise UnreadableReply("UNEXPECTED_RESULT", f"{method} gave no id", writes=True)
    return Created(id=int(id))
