"""The fields of payments, shipments and orders in the `sale.*` methods; CRM lists filter and order by the same names.

Fields that this portal has no use for show the value of a portal that does not use them (facts.md §8.5 to §8.7).
"""

from __future__ import annotations

from . import columns
from .columns import Column, constant

PAYMENT: dict[str, Column] = {
    "id": columns.integer("id"),
    "accountNumber": columns.text("account_number"),
    "paid": columns.flag("paid"),
    "datePaid": columns.moment("date_paid"),
    "empPaidId": columns.integer("emp_paid_id"),
    "paySystemId": columns.integer("pay_system_id"),
    "sum": columns.money("sum"),
    "currency": columns.text("currency"),
    "paySystemName": columns.text("pay_system_name"),
}
"""A payment as the CRM methods show it."""

SALE_PAYMENT: dict[str, Column] = {
    **PAYMENT,
    "orderId": columns.integer("order_id"),
    "dateBill": columns.moment("date_bill"),
    **dict.fromkeys(("responsibleId", "companyId", "empReturnId", "empMarkedId"), constant(None)),
    **dict.fromkeys(
        ("datePayBefore", "payVoucherNum", "payVoucherDate", "dateMarked", "dateResponsibleId"), constant(None)
    ),
    **dict.fromkeys(
        ("psStatus", "psStatusCode", "psStatusDescription", "psStatusMessage", "psCurrency"), constant(None)
    ),
    **dict.fromkeys(("psSum", "psResponseDate", "psInvoiceId", "priceCod"), constant(None)),
    **dict.fromkeys(("payReturnNum", "payReturnDate", "payReturnComment", "reasonMarked", "comments"), constant(None)),
    **dict.fromkeys(("id1c", "version1c", "xmlId"), constant(None)),
    **dict.fromkeys(("isReturn", "marked", "externalPayment", "updated1c"), constant("N")),
}

SHIPMENT: dict[str, Column] = {
    "id": columns.integer("id"),
    "accountNumber": columns.text("account_number"),
    "deducted": columns.flag("deducted"),
    "dateDeducted": columns.moment("date_deducted"),
    "deliveryId": columns.integer("delivery_id"),
    "priceDelivery": columns.money("price_delivery"),
    "currency": columns.text("currency"),
    "deliveryName": columns.text("delivery_name"),
}
"""A shipment as the CRM methods show it."""

SALE_SHIPMENT: dict[str, Column] = {
    **SHIPMENT,
    "orderId": columns.integer("order_id"),
    "basePriceDelivery": columns.money("price_delivery"),
    "allowDelivery": columns.flag("allow_delivery"),
    "statusId": columns.text("status_id"),
    "trackingNumber": columns.text("tracking_number"),
    "comments": columns.text("comments"),
    "system": columns.flag("system"),
    "dateInsert": columns.moment("date_insert"),
    "discountPrice": constant(0),
    **dict.fromkeys(("customPriceDelivery", "canceled", "marked"), constant("N")),
    **dict.fromkeys(("dateAllowDelivery", "trackingStatus", "companyId", "responsibleId"), constant(None)),
    **dict.fromkeys(("deliveryXmlId", "xmlId"), constant(None)),
}

_PRICE = """(SELECT (COALESCE(SUM(amount), 0) + 5000) / 10000 FROM basket_item WHERE order_id = sale_order.id)
    + (SELECT COALESCE(SUM(price_delivery), 0) FROM shipment WHERE order_id = sale_order.id)"""
_PAID = """CASE WHEN EXISTS (SELECT 1 FROM payment WHERE order_id = sale_order.id)
    AND NOT EXISTS (SELECT 1 FROM payment WHERE order_id = sale_order.id AND paid = 'N') THEN 'Y' ELSE 'N' END"""

ORDER: dict[str, Column] = {
    "id": columns.integer("id"),
    "accountNumber": columns.text("account_number"),
    "price": columns.money(_PRICE),
    "currency": columns.text("currency"),
    "payed": columns.flag(_PAID),
    "canceled": columns.flag("canceled"),
    "statusId": columns.text("status_id"),
    "userId": columns.integer("user_id"),
    "companyId": columns.integer("company_id"),
    "personTypeId": columns.integer("CASE WHEN company_id IS NULL THEN 1 ELSE 2 END"),
    "dateInsert": columns.moment("date_insert"),
    "lid": constant("s1"),
    "xmlId": constant(None),
}
