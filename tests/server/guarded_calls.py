"""For every guarded tool: a call on the shop that needs confirmation, and what another user may do in between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bitrix24_commerce.sandbox import Portal
from bitrix24_commerce.tools import OPERATIONS


@dataclass(frozen=True, slots=True)
class GuardedCall:
    """A call that needs confirmation, and another user's call that changes what its preview shows."""

    arguments: dict[str, Any]
    meanwhile: str
    parameters: dict[str, Any]

    def disturb(self, sandbox: Portal) -> None:
        """Do what the other user does."""
        sandbox.call(self.meanwhile, self.parameters)


_CHEAPER_ROW = ("crm.item.productrow.update", {"id": 17655, "fields": {"price": 9900}})
_BINDING = {"orderId": 5125, "ownerId": 6933, "ownerTypeId": 2}
_OTHER_DELIVERY = ("crm.item.payment.delivery.setDelivery", {"id": 1201, "deliveryId": 4072})

GUARDED: dict[str, GuardedCall] = {
    "productrow_set": GuardedCall(
        {"ownerType": "D", "ownerId": 13143, "productRows": [{"productId": 9621, "price": 99999.99, "sort": 10}]},
        *_CHEAPER_ROW,
    ),
    "productrow_delete": GuardedCall({"id": 17655}, *_CHEAPER_ROW),
    "orderentity_add": GuardedCall(
        {**_BINDING, "ownerId": 6937},
        "crm.orderentity.add",
        {"fields": {**_BINDING, "ownerId": 6938}},
    ),
    "orderentity_delete_by_filter": GuardedCall(_BINDING, "crm.orderentity.deleteByFilter", {"fields": _BINDING}),
    "payment_update": GuardedCall({"id": 1036, "paid": "N"}, "crm.item.payment.unpay", {"id": 1036}),
    "payment_delete": GuardedCall({"id": 1040}, "crm.item.payment.product.delete", {"id": 1194}),
    "payment_unpay": GuardedCall({"id": 1036}, "crm.item.payment.unpay", {"id": 1036}),
    "payment_product_delete": GuardedCall(
        {"id": 1195, "paymentId": 1039}, "crm.item.payment.product.setQuantity", {"id": 1195, "quantity": 1}
    ),
    "payment_product_set_quantity": GuardedCall(
        {"id": 1195, "quantity": 3, "paymentId": 1039},
        "crm.item.payment.product.setQuantity",
        {"id": 1195, "quantity": 1},
    ),
    "payment_delivery_delete": GuardedCall({"id": 1201, "paymentId": 1040}, *_OTHER_DELIVERY),
    "payment_delivery_set_delivery": GuardedCall({"id": 1201, "deliveryId": 4072, "paymentId": 1040}, *_OTHER_DELIVERY),
}
assert GUARDED.keys() == {name for name, each in OPERATIONS.items() if each.declaration.guarded}
