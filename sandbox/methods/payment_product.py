"""`crm.item.payment.product.*`: the products that a payment covers (facts.md §7.21 to §7.24).

Quantities are whole numbers here, although the documentation says double.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from .. import billing, columns, orders, payments
from ..filters import Clause, Vocabulary
from ..listing import Listing, Query, records
from ..numbers import QUANTITY
from ..product_rows import find_row
from ..registry import Call, Refusal, method
from .payment_item import item_to_change, payment_to_change, payment_to_read, unknown_field

# An item shows the row that it stands for, as long as there is one on the order's object.
_OWN_ROW = """(
    SELECT product_row.id FROM basket_item
    JOIN product_row ON product_row.id = basket_item.row_id
    JOIN order_binding USING (order_id)
    WHERE basket_item.id = payment_item.basket_item_id AND order_binding.owner_id = product_row.owner_id
        AND owner_type = CASE owner_type_id WHEN 2 THEN 'D' WHEN 31 THEN 'SI' END
)"""
PRODUCT = {
    "id": columns.integer("id"),
    "paymentId": columns.integer("payment_id"),
    "quantity": columns.quantity("quantity"),
    "rowId": columns.integer(_OWN_ROW),
    "entityId": columns.integer("basket_item_id"),
}
_NAMES = {name: PRODUCT[name] for name in ("id", "quantity")}
PRODUCTS = Listing("payment_item", PRODUCT, Vocabulary(_NAMES, _NAMES, unknown_field, code="0"))


@method("crm.item.payment.product.add", writes=True)
def payment_product_add(call: Call, paymentId: int, rowId: int, quantity: int) -> object:
    """Put a quantity of a product row into an unpaid payment.

    A row that the payment holds already gets a second item in the classic generation; in the current one nothing
    happens, and the answer is null.
    """
    _require_quantity(quantity)
    payment = payment_to_change(call, paymentId)
    binding = call.store.one("SELECT 1 FROM order_binding WHERE order_id = ?", payment["order_id"])
    if binding is None:
        raise Refusal("0", "Order binding has not been found")
    owner = orders.order_owner(call.store, payment["order_id"])
    if owner is None:
        raise Refusal("0", "Entity does not support links with catalog products")
    row = find_row(call.store, rowId)
    if row is None or (row["owner_type"], row["owner_id"]) != (owner.type.code, owner.id):
        raise Refusal("0", "Product was not found.")
    available = billing.available(call.store, owner, row)
    if available <= 0:
        raise Refusal("0", "Product was not found.")
    _require_stock(quantity, available)
    basket_item_id = orders.enter_basket(call.store, payment["order_id"], row)
    if not call.profile.integer_codes and _holds(call, paymentId, basket_item_id):
        return None
    return payments.add_product(call.store, paymentId, basket_item_id, quantity)


@method("crm.item.payment.product.list")
def payment_product_list(
    call: Call, paymentId: int, filter: dict[str, Any] | None = None, order: dict[str, Any] | None = None
) -> object:
    """Return all products of a payment. One without a row of the CRM shows `entityId`, its basket item, instead."""
    payment_to_read(call, paymentId)
    within = Clause("payment_id = ? AND basket_item_id IS NOT NULL", (paymentId,))
    found = records(call.store, PRODUCTS, Query(PRODUCT, filter, order), within)
    for item in found:
        del item["rowId" if item["rowId"] is None else "entityId"]
    return found


@method("crm.item.payment.product.delete", writes=True)
def payment_product_delete(call: Call, id: int) -> object:
    """Take a product out of an unpaid payment."""
    payments.delete_item(call.store, item_to_change(call, id, "basket_item_id"))
    return True


@method("crm.item.payment.product.setQuantity", writes=True)
def payment_product_set_quantity(call: Call, id: int, quantity: int) -> object:
    """Change how much of a product an unpaid payment covers."""
    _require_quantity(quantity)
    item = item_to_change(call, id, "basket_item_id")
    _require_stock(quantity, _free(call, item) + item["quantity"])
    call.store.update("payment_item", id, quantity=quantity * payments.UNIT)
    payments.refresh_sum(call.store, item["payment_id"])
    return True


def _require_quantity(quantity: int) -> None:
    if quantity <= 0:
        raise Refusal("0", "Product quantity must be greater than zero.")


def _require_stock(quantity: int, available: int) -> None:
    if quantity * 10**QUANTITY > available:
        raise Refusal("0", "Insufficient product stock.")


def _holds(call: Call, payment_id: int, basket_item_id: int) -> bool:
    sql = "SELECT 1 FROM payment_item WHERE payment_id = ? AND basket_item_id = ?"
    return call.store.one(sql, payment_id, basket_item_id) is not None


def _free(call: Call, item: sqlite3.Row) -> int:
    """Return what of an item's product is in no payment of its order: of the row or, without one, of the basket."""
    basket_item = call.store.one("SELECT * FROM basket_item WHERE id = ?", item["basket_item_id"])
    if basket_item is None:
        return 0
    row = find_row(call.store, basket_item["row_id"])
    owner = orders.order_owner(call.store, basket_item["order_id"])
    if row and owner and (row["owner_type"], row["owner_id"]) == (owner.type.code, owner.id):
        return billing.available(call.store, owner, row)
    billed = call.store.value("SELECT SUM(quantity) FROM payment_item WHERE basket_item_id = ?", basket_item["id"])
    return basket_item["quantity"] - billed
