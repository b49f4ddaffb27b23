"""Every documented error of every method, in the texts of both generations (facts.md §2.4, §7; the examples)."""

from __future__ import annotations

from .documented import EXAMPLES

Error = tuple[int | str, str]
"""Code and description, as they come over the wire."""

_ARGUMENTS: list[Error] = [
    (100, "Could not find value for parameter {id}"),
    ("100", "Invalid value {abc} to match with parameter {id}. Should be value of type int."),
]
_OTHER: list[Error] = [(0, "some error"), ("", "")]
_DENIED: Error = ("ACCESS_DENIED", "Access denied")
_TYPE: Error = ("ENTITY_TYPE_NOT_SUPPORTED", "Working with this type of objects is not supported")
_OWNER: list[Error] = [_TYPE, ("OWNER_NOT_FOUND", "Owner was not found"), _DENIED]
_ROW: list[Error] = [("NOT_FOUND", "Element not found"), ("NOT_FOUND", "Item was not found."), *_OWNER]
_ROW_VALUES: list[Error] = [
    ("INVALID_ARG_VALUE", "Product was not found"),
    ("CRM_PRODUCTROW_NORMALIZATION_DISCOUNT_SUM_REQUIRED", "The discount sum is required"),
    ("CRM_PRODUCTROW_NORMALIZATION_DISCOUNT_RATE_REQUIRED", "The discount rate is required"),
    ("CRM_PRODUCTROW_NORMALIZATION_MEASURE_INVALID", "The measure is not valid"),
]
_SHIPPED: Error = ("SALE_BASKET_ITEM_REMOVE_IMPOSSIBLE_BECAUSE_SHIPPED", "The item is shipped")
_BINDING: list[Error] = [
    ("200040300020", "Access Denied"),
    ("0", "Required fields: ownerId, orderId"),
    ("201640400001", "ownerId - parameter is empty"),
    ("201640400002", "ownerTypeId - parameter is empty"),
    ("201640400003", "orderId - parameter is empty"),
    ("200540400001", "order does not exist"),
    ("0", "The order could not be saved"),
]
_PAYMENT_DENIED: list[Error] = [(0, "Insufficient permissions"), _DENIED]
_PAYMENT: list[Error] = [
    ("0", "Payment has not been found"),
    (0, "Payment not found or access denied"),
    *_PAYMENT_DENIED,
]
_ITEM: list[Error] = [("0", "Payable item has not been found"), *_PAYMENT_DENIED]
_QUANTITY: list[Error] = [
    ("0", "Product quantity must be greater than zero."),
    ("0", "Insufficient product stock."),
    (0, "Insufficient product quantity to add to payment"),
]

_DOCUMENTED: dict[str, list[Error]] = {
    "crm.item.productrow.add": [*_OWNER, *_ROW_VALUES],
    "crm.item.productrow.update": [
        *_ROW,
        ("INVALID_ARG_VALUE", "Field 'name' not available for update"),
        *_ROW_VALUES,
    ],
    "crm.item.productrow.get": _ROW,
    "crm.item.productrow.set": [*_OWNER, *_ROW_VALUES, _SHIPPED],
    "crm.item.productrow.list": [
        ("REQUIRED_ARG_MISSING", "Argument '=ownerType' is required"),
        ("INVALID_ARG_VALUE", "Value for filter key '>PRICE' should be either string or number"),
        _DENIED,
    ],
    "crm.item.productrow.getAvailableForPayment": [*_OWNER, ("0", "This method does not support multiple orders.")],
    "crm.item.productrow.delete": [*_ROW, _SHIPPED],
    "crm.item.productrow.fields": [],
    "crm.orderentity.add": [*_BINDING, ("201650000001", "Duplicate entry for key [ownerId, ownerTypeId, orderId]")],
    "crm.orderentity.list": [("200040300010", "Access Denied"), ("200540400002", "module sale does not exist")],
    "crm.orderentity.deleteByFilter": [*_BINDING, ("201640400004", "entity relation is not exists")],
    "crm.orderentity.getFields": [("200040300010", "Access Denied")],
    "crm.item.payment.add": [
        *_PAYMENT_DENIED,
        ("0", "You cannot create more payments on your current plan."),
        ("0", "Unknown entity type: 999."),
        ("0", "Cannot create payment for this entity."),
        ("0", "Entity ID #13123000 does not exist."),
    ],
    "crm.item.payment.update": [
        *_PAYMENT,
        ("0", "Empty fields"),
        ("0", "Payment system has not been found"),
        (0, "Payment system not found"),
    ],
    "crm.item.payment.get": _PAYMENT,
    "crm.item.payment.list": _PAYMENT_DENIED,
    "crm.item.payment.delete": [*_PAYMENT, ("SALE_PAYMENT_DELETE_EXIST_PAID", "Partial payment done. Cancel payment")],
    "crm.item.payment.pay": [*_PAYMENT, ("SALE_ORDER_PAID_ORDER_CANCELED", "The order is canceled")],
    "crm.item.payment.unpay": [*_PAYMENT, ("SALE_ORDER_PAID_ORDER_CANCELED", "The order is canceled")],
    "salescenter.payment.getPublicUrl": [
        ("200640400001", "payment is not exists"),
        ("0", "Public url is not available"),
        ("0", "Error retrieving url info"),
        ("0", "Parameter id must be integer"),
    ],
    "crm.item.payment.product.add": [
        *_PAYMENT,
        *_QUANTITY,
        ("0", "Order binding has not been found"),
        ("0", "Entity does not support links with catalog products"),
        ("0", "Product was not found."),
        (0, "Product item not found"),
        ("SALE_PAYMENT_NOT_ALLOWED_CHANGE_SUM", "The sum of a paid payment cannot be changed"),
    ],
    "crm.item.payment.product.list": _PAYMENT,
    "crm.item.payment.product.delete": [*_ITEM, ("0", "Internal delete error")],
    "crm.item.payment.product.setQuantity": [*_ITEM, *_QUANTITY],
    "crm.item.payment.delivery.add": [*_PAYMENT, ("0", "Shipment was not found"), (0, "Delivery item not found")],
    "crm.item.payment.delivery.list": _PAYMENT,
    "crm.item.payment.delivery.delete": [*_ITEM, ("0", "Internal delete error")],
    "crm.item.payment.delivery.setDelivery": _ITEM,
    "crm.item.delivery.get": [("0", "Delivery has not been found"), *_PAYMENT_DENIED],
    "crm.item.delivery.list": _PAYMENT_DENIED,
}


def errors_of(method: str) -> list[Error]:
    """The method's own errors, its documented example, and those that every method has."""
    example = EXAMPLES[method]["error_example"]
    printed: Error = (example["error"], example["error_description"])
    return list(dict.fromkeys([*_DOCUMENTED[method], printed, *_ARGUMENTS, *_OTHER]))
