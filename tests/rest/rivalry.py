"""Every writing method, with what somebody else may do to the same records at the same moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bitrix24_commerce.sandbox.registry import Refusal

from tests.rest.settled import Settled

DEAL = 13142
OTHER_DEAL = 6933
_OBJECT = {"entityId": DEAL, "entityTypeId": 2}
_ROW = {"productId": 9621, "price": 100, "quantity": 10}


@dataclass(frozen=True)
class Stage:
    """Records of one deal that nothing else refers to."""

    order: int
    row: int
    payment: int
    item: int
    shipment: int
    other_shipment: int
    delivery_item: int


@dataclass(frozen=True)
class Contest:
    """One write, what others may do meanwhile, and whether the portal is as the write asks."""

    parameters: dict[str, Any]
    rivals: list[tuple[str, dict[str, Any]]]
    holds: Callable[[], bool]
    """For a method that creates: always, since its record's id tells."""


def stage(client: Settled) -> Stage:
    """Fill the portal anew, and set up what the writes are about."""
    client.sandbox.load("shop")
    call = client.another_user
    row = call("crm.item.productrow.add", {"fields": {**_ROW, "ownerType": "D", "ownerId": DEAL}})["productRow"]["id"]
    payment = call("crm.item.payment.add", _OBJECT)
    item = call("crm.item.payment.product.add", {"paymentId": payment, "rowId": row, "quantity": 2})
    bound = call("crm.orderentity.list", {"filter": {"=ownerId": DEAL, "=ownerTypeId": 2}})
    order = bound["orderEntity"][0]["orderId"]
    shipments = [
        call(
            "sale.shipment.add",
            {
                "fields": {
                    "orderId": order,
                    "allowDelivery": "N",
                    "deducted": "N",
                    "deliveryId": 228,
                    "priceDelivery": 9,
                }
            },
        )["shipment"]["id"]
        for _ in range(3)
    ]
    delivery_item = call("crm.item.payment.delivery.add", {"paymentId": payment, "deliveryId": shipments[0]})
    client.sandbox.ledger.clear()
    client.portal.payment_of_item.update({item: payment, delivery_item: payment})
    return Stage(order, row, payment, item, shipments[1], shipments[2], delivery_item)


def contest(client: Settled, method: str, at: Stage) -> Contest:
    """What is asked of the method on this stage."""
    return _CONTESTS[method](client, at)


def rival(client: Settled, method: str, parameters: dict[str, Any]) -> None:
    """Somebody else does that, unless the portal refuses."""
    with suppress(Refusal):
        client.another_user(method, parameters)


def _row_add(client: Settled, at: Stage) -> Contest:
    fields = {**_ROW, "ownerType": "D", "ownerId": DEAL, "productName": "Cable"}
    return Contest(
        {"fields": fields},
        [
            ("crm.item.productrow.add", {"fields": fields}),
            ("crm.item.productrow.add", {"fields": {**fields, "price": 7}}),
            ("crm.item.productrow.delete", {"id": at.row}),
            ("crm.item.productrow.set", {"ownerType": "D", "ownerId": DEAL, "productRows": [_ROW]}),
        ],
        lambda: True,
    )


def _row_update(client: Settled, at: Stage) -> Contest:
    asked = {"id": at.row, "fields": {"price": 120, "quantity": 12}}
    return Contest(
        asked,
        [
            ("crm.item.productrow.update", asked),
            ("crm.item.productrow.update", {"id": at.row, "fields": {"price": 90}}),
            ("crm.item.productrow.update", {"id": at.row, "fields": {"quantity": 12}}),
            ("crm.item.productrow.delete", {"id": at.row}),
        ],
        lambda: _has(client, "crm.item.productrow.get", at.row, {"price": 120, "quantity": 12}, "productRow"),
    )


def _row_set(client: Settled, at: Stage) -> Contest:
    asked = {"ownerType": "D", "ownerId": DEAL, "productRows": [_ROW, {"productName": "Work", "price": 40}]}

    def holds() -> bool:
        rows = client.another_user(
            "crm.item.productrow.list", {"filter": {"=ownerType": "D", "=ownerId": DEAL}, "order": {"id": "asc"}}
        )["productRows"]
        return sorted((row["price"], row["quantity"]) for row in rows) == [(40, 1), (100, 10)]

    return Contest(
        asked,
        [
            ("crm.item.productrow.set", asked),
            ("crm.item.productrow.set", {**asked, "productRows": [_ROW]}),
            ("crm.item.productrow.add", {"fields": {**_ROW, "ownerType": "D", "ownerId": DEAL}}),
            ("crm.item.productrow.delete", {"id": at.row}),
        ],
        holds,
    )


def _row_delete(client: Settled, at: Stage) -> Contest:
    return Contest(
        {"id": at.row},
        [
            ("crm.item.productrow.delete", {"id": at.row}),
            ("crm.item.productrow.update", {"id": at.row, "fields": {"price": 90}}),
            ("crm.item.productrow.set", {"ownerType": "D", "ownerId": DEAL, "productRows": [_ROW]}),
        ],
        lambda: not client.exists("crm.item.productrow.get", at.row),
    )


def _binding_add(client: Settled, at: Stage) -> Contest:
    fields = {"orderId": at.order, "ownerId": OTHER_DEAL, "ownerTypeId": 2}
    now = {**fields, "ownerId": DEAL}
    return Contest(
        {"fields": fields},
        [
            ("crm.orderentity.add", {"fields": fields}),
            ("crm.orderentity.add", {"fields": {**fields, "ownerId": 6937}}),
            ("crm.orderentity.deleteByFilter", {"fields": now}),
        ],
        lambda: _owner_of(client, at.order) == OTHER_DEAL,
    )


def _binding_delete(client: Settled, at: Stage) -> Contest:
    fields = {"orderId": at.order, "ownerId": DEAL, "ownerTypeId": 2}
    return Contest(
        {"fields": fields},
        [
            ("crm.orderentity.deleteByFilter", {"fields": fields}),
            ("crm.orderentity.add", {"fields": {**fields, "ownerId": OTHER_DEAL}}),
        ],
        lambda: _owner_of(client, at.order) != DEAL,
    )


def _payment_add(client: Settled, at: Stage) -> Contest:
    return Contest(
        _OBJECT,
        [
            ("crm.item.payment.add", _OBJECT),
            ("crm.item.payment.delete", {"id": at.payment}),
            ("crm.item.payment.pay", {"id": at.payment}),
            ("crm.orderentity.deleteByFilter", {"fields": {"orderId": at.order, "ownerId": DEAL, "ownerTypeId": 2}}),
        ],
        lambda: True,
    )


def _payment_update(client: Settled, at: Stage) -> Contest:
    fields = {"paid": "Y", "paySystemId": 110}
    asked = {"id": at.payment, "fields": fields}
    return Contest(
        asked,
        [
            ("crm.item.payment.update", asked),
            ("crm.item.payment.update", {"id": at.payment, "fields": {"paySystemId": 112}}),
            *_payment_rivals(at),
        ],
        lambda: _has(client, "crm.item.payment.get", at.payment, fields),
    )


def _payment_delete(client: Settled, at: Stage) -> Contest:
    return Contest(
        {"id": at.payment}, _payment_rivals(at), lambda: not client.exists("crm.item.payment.get", at.payment)
    )


def _payment_pay(client: Settled, at: Stage) -> Contest:
    return Contest(
        {"id": at.payment},
        _payment_rivals(at),
        lambda: _has(client, "crm.item.payment.get", at.payment, {"paid": "Y"}),
    )


def _payment_unpay(client: Settled, at: Stage) -> Contest:
    client.another_user("crm.item.payment.pay", {"id": at.payment})
    client.sandbox.ledger.clear()
    return Contest(
        {"id": at.payment},
        _payment_rivals(at),
        lambda: _has(client, "crm.item.payment.get", at.payment, {"paid": "N"}),
    )


def _payment_rivals(at: Stage) -> list[tuple[str, dict[str, Any]]]:
    return [
        ("crm.item.payment.pay", {"id": at.payment}),
        ("crm.item.payment.unpay", {"id": at.payment}),
        ("crm.item.payment.delete", {"id": at.payment}),
        ("crm.item.payment.product.setQuantity", {"id": at.item, "quantity": 5}),
    ]


def _product_add(client: Settled, at: Stage) -> Contest:
    asked = {"paymentId": at.payment, "rowId": at.row, "quantity": 3}
    return Contest(
        asked,
        [
            ("crm.item.payment.product.add", asked),
            ("crm.item.payment.product.setQuantity", {"id": at.item, "quantity": 5}),
            ("crm.item.productrow.delete", {"id": at.row}),
            ("crm.item.payment.delete", {"id": at.payment}),
        ],
        lambda: True,
    )


def _product_delete(client: Settled, at: Stage) -> Contest:
    return Contest({"id": at.item}, _item_rivals(at), lambda: at.item not in _items(client, at, "product"))


def _product_quantity(client: Settled, at: Stage) -> Contest:
    return Contest(
        {"id": at.item, "quantity": 3},
        [*_item_rivals(at), ("crm.item.payment.product.setQuantity", {"id": at.item, "quantity": 3})],
        lambda: _items(client, at, "product").get(at.item, {}).get("quantity") == 3,
    )


def _item_rivals(at: Stage) -> list[tuple[str, dict[str, Any]]]:
    return [
        ("crm.item.payment.product.setQuantity", {"id": at.item, "quantity": 5}),
        ("crm.item.payment.product.delete", {"id": at.item}),
        ("crm.item.productrow.delete", {"id": at.row}),
        ("crm.item.payment.delete", {"id": at.payment}),
    ]


def _delivery_add(client: Settled, at: Stage) -> Contest:
    asked = {"paymentId": at.payment, "deliveryId": at.shipment}
    return Contest(
        asked,
        [("crm.item.payment.delivery.add", asked), *_delivery_rivals(at)],
        lambda: any(item["deliveryId"] == at.shipment for item in _items(client, at, "delivery").values()),
    )


def _delivery_delete(client: Settled, at: Stage) -> Contest:
    return Contest(
        {"id": at.delivery_item},
        _delivery_rivals(at),
        lambda: at.delivery_item not in _items(client, at, "delivery"),
    )


def _delivery_set(client: Settled, at: Stage) -> Contest:
    asked = {"id": at.delivery_item, "deliveryId": at.shipment}
    return Contest(
        asked,
        [("crm.item.payment.delivery.setDelivery", asked), *_delivery_rivals(at)],
        lambda: _items(client, at, "delivery").get(at.delivery_item, {}).get("deliveryId") == at.shipment,
    )


def _delivery_rivals(at: Stage) -> list[tuple[str, dict[str, Any]]]:
    return [
        ("crm.item.payment.delivery.setDelivery", {"id": at.delivery_item, "deliveryId": at.other_shipment}),
        ("crm.item.payment.delivery.setDelivery", {"id": at.delivery_item, "deliveryId": at.shipment}),
        ("crm.item.payment.delivery.delete", {"id": at.delivery_item}),
        ("crm.item.payment.delete", {"id": at.payment}),
    ]


def _shipment_add(client: Settled, at: Stage) -> Contest:
    fields = {"orderId": at.order, "allowDelivery": "N", "deducted": "N", "deliveryId": 228, "priceDelivery": 9}
    return Contest({"fields": fields}, [("sale.shipment.add", {"fields": fields})], lambda: True)


def _has(client: Settled, method: str, id: int, asked: Mapping[str, Any], key: str = "") -> bool:
    if not client.exists(method, id):
        return False
    found = client.another_user(method, {"id": id})
    record = found[key] if key else found
    return all(record[name] == value for name, value in asked.items())


def _owner_of(client: Settled, order: int) -> int | None:
    bound = client.another_user("crm.orderentity.list", {"filter": {"=orderId": order}})["orderEntity"]
    return bound[0]["ownerId"] if bound else None


def _items(client: Settled, at: Stage, kind: str) -> dict[int, Any]:
    try:
        items = client.another_user(f"crm.item.payment.{kind}.list", {"paymentId": at.payment})
    except Refusal:
        return {}
    return {item["id"]: item for item in items}


_CONTESTS: dict[str, Callable[[Settled, Stage], Contest]] = {
    "crm.item.productrow.add": _row_add,
    "crm.item.productrow.update": _row_update,
    "crm.item.productrow.set": _row_set,
    "crm.item.productrow.delete": _row_delete,
    "crm.orderentity.add": _binding_add,
    "crm.orderentity.deleteByFilter": _binding_delete,
    "crm.item.payment.add": _payment_add,
    "crm.item.payment.update": _payment_update,
    "crm.item.payment.delete": _payment_delete,
    "crm.item.payment.pay": _payment_pay,
    "crm.item.payment.unpay": _payment_unpay,
    "crm.item.payment.product.add": _product_add,
    "crm.item.payment.product.delete": _product_delete,
    "crm.item.payment.product.setQuantity": _product_quantity,
    "crm.item.payment.delivery.add": _delivery_add,
    "crm.item.payment.delivery.delete": _delivery_delete,
    "crm.item.payment.delivery.setDelivery": _delivery_set,
    "sale.shipment.add": _shipment_add,
}
METHODS = tuple(_CONTESTS)
CREATING = frozenset(
    {"crm.item.productrow.add", "crm.item.payment.add", "crm.item.payment.product.add", "sale.shipment.add"}
)
