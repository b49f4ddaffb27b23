"""The shop that a portal shows at its first start: read from `shop.json` and put in through the portal's own rules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from . import orders, payments, product_rows, shipments
from .numbers import MONEY, PRICE, QUANTITY, scaled
from .objects import DEAL, Owner, find_owner, type_by_id
from .profile import CLASSIC
from .store import Store, read_text
from .totals import refresh_total

ADMINISTRATOR = 1
GOODS, OFFERS = 24, 26
"""The information blocks of products and of their variations."""
Data = Mapping[str, Any]


def read_data(name: str) -> Any:
    """Return what a data file of the sandbox holds."""
    return json.loads(read_text(name))


def furnish(store: Store) -> None:
    """Enter what a portal has before its first product: currencies, measures, taxes, ways to pay and to deliver."""
    for table, found in read_data("new_portal.json").items():
        for record in found:
            store.insert(table, **record)


def open_shop(store: Store) -> None:
    """Enter products, customers, and their deals and invoices, with the ids that the documented examples name."""
    data = read_data("shop.json")
    for table, last in data["last_ids"].items():
        store.run("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", table, last)
    for product in data["products"]:
        _add_product(store, product)
    for company in data["companies"]:
        add_object(store, {"type": 4, "created": "2024-01-15T10:00:00+02:00", **company})
    for contact in data["contacts"]:
        title = f"{contact['name']} {contact['last_name']}"
        add_object(store, {"type": 3, "created": "2024-01-15T10:00:00+02:00", "title": title, **contact})
    for type in data["smart_types"]:
        created = {"code": "", "has_client": "Y", "created_time": type.pop("created")}
        store.insert("smart_type", **type, **created)
    for thing in data["objects"]:
        _add_business(store, thing)
    for order in data["later_orders"]:
        owner = _owner(store, DEAL, order["owner"])
        orders.create_order(store, owner, datetime.fromisoformat(order["at"]), ADMINISTRATOR, id=order["id"])


def add_object(store: Store, thing: Data) -> Owner:
    """Enter one CRM object. A total that is given is one that a person entered."""
    stage = thing.get("stage", "")
    closed = stage.rpartition(":")[2] in ("WON", "LOSE", "P")
    store.insert(
        "item",
        entity_type_id=thing["type"],
        id=thing["id"],
        title=thing["title"],
        name=thing.get("name"),
        last_name=thing.get("last_name"),
        account_number=thing.get("number"),
        category_id=0,
        stage_id=stage,
        assigned_by_id=ADMINISTRATOR,
        company_id=thing.get("company"),
        contact_id=thing.get("contact"),
        my_company_id=11 if thing["type"] == 31 else None,
        currency_id=thing.get("currency", "USD"),
        opportunity=scaled(thing.get("total", 0), MONEY),
        is_manual_opportunity="Y" if "total" in thing else "N",
        opened="Y",
        closed="Y" if closed else "N",
        begin_date=thing["created"],
        close_date=None,
        comments="",
        created_time=thing["created"],
        updated_time=thing["created"],
    )
    return _owner(store, thing["type"], thing["id"])


def _add_product(store: Store, product: Data) -> None:
    type = product.get("type", 1)
    store.insert(
        "product",
        id=product["id"],
        iblock_id=OFFERS if type == 4 else GOODS,
        name=product["name"],
        type=type,
        parent_id=product.get("parent"),
        measure_code=product.get("measure", 796),
        vat_id=4,
        vat_included="Y",
        quantity=0 if type in (3, 7) else scaled(250, QUANTITY),
        active="Y",
    )
    price = scaled(product["price"], PRICE)
    store.insert("price", product_id=product["id"], catalog_group_id=1, price=price, currency="USD")


def _add_business(store: Store, thing: Data) -> None:
    owner = add_object(store, thing)
    now = datetime.fromisoformat(thing["created"])
    row_ids = [_add_row(store, owner, row, now) for row in _parts(thing, "rows")]
    if "order" in thing:
        _add_order(store, owner, thing["order"], row_ids, thing["rows"], now)
    refresh_total(store, owner, now)


def _add_row(store: Store, owner: Owner, row: Data, now: datetime) -> int:
    """Add a row, at the catalog's price unless the data has one."""
    listed = store.value("SELECT price FROM price WHERE product_id = ?", row.get("productId"))
    fields = {"price": None if listed is None else listed / 10**PRICE, **row}
    row_id = product_rows.add_row(store, CLASSIC, owner, fields, now, id=row.get("id"))
    store.update("product_row", row_id, store_id=row.get("store"), xml_id=row.get("xml_id", ""))
    return row_id


def _add_order(store: Store, owner: Owner, order: Data, row_ids: list[int], rows: list[Data], now: datetime) -> None:
    order_id = orders.create_order(store, owner, now, ADMINISTRATOR, id=order.get("id"))
    for row_id, row in zip(row_ids, rows, strict=True):
        if "basket" in row:
            _basket_item(store, order_id, row_id, row["basket"])
    shipment_ids = [_add_shipment(store, order_id, shipment, row_ids, now) for shipment in _parts(order, "shipments")]
    for payment in _parts(order, "payments"):
        _add_payment(store, order_id, payment, row_ids, shipment_ids, now)


def _add_shipment(store: Store, order_id: int, shipment: Data, row_ids: list[int], now: datetime) -> int:
    order = store.one("SELECT * FROM sale_order WHERE id = ?", order_id)
    service = store.one("SELECT * FROM delivery_service WHERE id = ?", shipment["service"])
    assert order and service  # noqa: S101 - our own data
    shipped = shipment.get("shipped")
    shipment_id = shipments.create_shipment(
        store,
        order,
        service,
        scaled(shipment["price"], MONEY),
        datetime.fromisoformat(shipped) if shipped else now,
        deducted=shipped is not None,
        id=shipment.get("id"),
    )
    numbers: list[int] = _parts(shipment, "rows")
    for number in numbers:
        item_id = _basket_item(store, order_id, row_ids[number])
        quantity = store.value("SELECT quantity FROM basket_item WHERE id = ?", item_id)
        store.insert("shipment_item", shipment_id=shipment_id, basket_item_id=item_id, quantity=quantity)
    return shipment_id


def _add_payment(
    store: Store, order_id: int, payment: Data, row_ids: list[int], shipment_ids: list[int], now: datetime
) -> None:
    pay_system = payments.find_pay_system(store, payment.get("system", 6))
    payment_id = payments.create_payment(store, order_id, pay_system, now, id=payment.get("id"))
    for item in _parts(payment, "products"):
        row: int = item["row"]
        basket_item_id = _basket_item(store, order_id, row_ids[row])
        payments.add_product(store, payment_id, basket_item_id, item["quantity"], id=item.get("id"))
    for item in _parts(payment, "deliveries"):
        shipment: int = item["shipment"]
        payments.add_delivery(store, payment_id, shipment_ids[shipment], id=item.get("id"))
    created = payments.find_payment(store, payment_id)
    if created and "paid" in payment:
        payments.pay(store, created, ADMINISTRATOR, datetime.fromisoformat(payment["paid"]))


def _basket_item(store: Store, order_id: int, row_id: int, id: int | None = None) -> int:
    row = product_rows.find_row(store, row_id)
    assert row  # noqa: S101 - our own data
    return orders.enter_basket(store, order_id, row, id=id)


def _parts(data: Data, name: str) -> list[Any]:
    return data.get(name, [])


def _owner(store: Store, type_id: int, id: int) -> Owner:
    type = type_by_id(store, type_id)
    owner = find_owner(store, type, id) if type else None
    assert owner  # noqa: S101 - our own data
    return owner
