"""Product items of a payment: quantities of the object's product rows."""

from __future__ import annotations

from decimal import Decimal

from ..rest import Portal
from ..rest.errors import Conflict
from ..rest.numbers import plain
from ..rest.portal import records
from ..rest.records import PaymentProduct
from .arguments import Filter, HoldingPaymentId, ItemId, ItemQuantity, Order, PaymentId, RowId
from .conditions import conditions
from .effect import Effect
from .operation import tool
from .payment_items import described_product, held_by, holding, new_sum, rows_of, sum_changed_by, titled, unseen
from .payment_results import PaymentProductsResult
from .payments import created
from .preview import Preview
from .results import Created, Done, done

ITEM_FIELDS = ("id", "quantity")
_SUM_FALLS = "the payment's sum is computed anew; the quantity can be billed again"


@tool("crm.item.payment.product.add", effect=Effect.CREATE)
async def payment_product_add(portal: Portal, paymentId: PaymentId, rowId: RowId, quantity: ItemQuantity) -> Created:
    """Put a quantity of a product row into an unpaid payment; its sum grows."""
    method = "crm.item.payment.product.add"
    id = await portal.call(method, {"paymentId": paymentId, "rowId": rowId, "quantity": quantity})
    if id is None:
        raise Conflict(
            "ALREADY_IN_PAYMENT",
            f"payment {paymentId} already holds row {rowId}; the portal added nothing",
            recovery="Change the item's quantity with payment_product_set_quantity.",
        )
    item = created(id, method)
    portal.payment_of_item[item.id] = paymentId
    return item.saying(f"Item {id}: {quantity} of row {rowId}.{await new_sum(portal, paymentId)}")


@tool("crm.item.payment.product.list", effect=Effect.READ)
async def payment_product_list(
    portal: Portal, paymentId: PaymentId, filter: Filter | None = None, order: Order | None = None
) -> PaymentProductsResult:
    """List the product items of a payment (no pages). Filter and order: id, quantity."""
    method = "crm.item.payment.product.list"
    parameters = {"paymentId": paymentId, **conditions(ITEM_FIELDS, filter, order)}
    items = records(PaymentProduct, await portal.call(method, parameters), method)
    return PaymentProductsResult(items=portal.seen(items))


@tool("crm.item.payment.product.delete", effect=Effect.REMOVE, guarded=True)
async def payment_product_delete(portal: Portal, id: ItemId, paymentId: HoldingPaymentId | None = None) -> Done:
    """Take a product item out of an unpaid payment; its sum falls."""
    payment = await held_by(portal, id, paymentId, portal.payment_products)
    await portal.call("crm.item.payment.product.delete", {"id": id})
    return done(f"Payment item {id} deleted.{await new_sum(portal, payment)}")


@payment_product_delete.preview
async def _(portal: Portal, id: ItemId, paymentId: HoldingPaymentId | None = None) -> Preview:
    title, undo = f"Delete product item {id}", "payment_product_add puts it back under another id"
    found = await holding(portal, id, paymentId, portal.payment_products)
    if found is None:
        return Preview(title, unseen(id), [_SUM_FALLS], undo)
    item, payment = found
    row = (await rows_of(portal, [item])).get(item.rowId or 0)
    follows = f"{sum_changed_by(-item.quantity, row, payment.currency)}; the quantity can be billed again"
    return Preview(f"{title} of {titled(payment)}", [f"goes: {described_product(item, row)}"], [follows], undo)


@tool("crm.item.payment.product.setQuantity", effect=Effect.OVERWRITE, guarded=True, idempotent=True)
async def payment_product_set_quantity(
    portal: Portal, id: ItemId, quantity: ItemQuantity, paymentId: HoldingPaymentId | None = None
) -> Done:
    """Overwrite the quantity of a product item of an unpaid payment."""
    payment = await held_by(portal, id, paymentId, portal.payment_products)
    await portal.call("crm.item.payment.product.setQuantity", {"id": id, "quantity": quantity})
    return done(f"Payment item {id} has quantity {quantity}.{await new_sum(portal, payment)}")


@payment_product_set_quantity.preview
async def _(portal: Portal, id: ItemId, quantity: ItemQuantity, paymentId: HoldingPaymentId | None = None) -> Preview:
    title, follows = f"Set product item {id} to quantity {quantity}", "the payment's sum is computed anew"
    found = await holding(portal, id, paymentId, portal.payment_products)
    if found is None:
        return Preview(title, unseen(id), [follows], "set the old quantity again")
    item, payment = found
    after = item.model_copy(update={"quantity": Decimal(quantity)})
    row = (await rows_of(portal, [item])).get(item.rowId or 0)
    change = f"{described_product(item, row)} → {described_product(after, row)}"
    follows = sum_changed_by(quantity - item.quantity, row, payment.currency)
    undo = f"payment_product_set_quantity with quantity {plain(item.quantity)}"
    return Preview(f"{title} in {titled(payment)}", [change], [follows], undo)
