"""A portal with many deals: 10,000 of one row each, and one of 5,000 rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from .objects import DEAL, Owner
from .product_rows import add_row, rows_of
from .profile import CLASSIC
from .shop import add_object
from .store import Store
from .totals import refresh_total

FIRST = 20_001
DEALS = 10_000
WIDEST = FIRST + DEALS
"""The deal with the many rows: 30001."""
ROWS = 5_000
OPENED = datetime.fromisoformat("2024-06-01T08:00:00+02:00")
PRODUCTS = ({"productId": 9601, "price": 189}, {"productId": 9604, "price": 59}, {"productId": 9608, "price": 21.5})


def add_many_deals(store: Store) -> None:
    """Enter one deal and its row through the rules for each of a few products, and all others as copies of these."""
    models = [_model(store, FIRST + number, product) for number, product in enumerate(PRODUCTS)]
    items = [dict(store.all("SELECT * FROM item WHERE entity_type_id = 2 AND id = ?", owner.id)[0]) for owner in models]
    rows = [dict(rows_of(store, owner)[0]) for owner in models]
    copied = range(len(models), DEALS)
    _insert_all(store, "item", (_deal(items[number % len(items)], number) for number in copied))
    _insert_all(
        store, "product_row", (rows[number % len(rows)] | {"id": None, "owner_id": FIRST + number} for number in copied)
    )
    widest = add_object(store, {"type": DEAL, "id": WIDEST, "title": "Everything for a new building", **_OPENED})
    lines = (
        rows[number % len(rows)]
        | {"id": None, "owner_id": WIDEST, "sort": 10 * number, "product_name": f"Line {number}"}
        for number in range(1, ROWS + 1)
    )
    _insert_all(store, "product_row", lines)
    refresh_total(store, widest, OPENED)


_OPENED = {"stage": "NEW", "created": OPENED.isoformat(), "company": 21, "contact": 31}


def _model(store: Store, id: int, fields: Mapping[str, Any]) -> Owner:
    owner = add_object(store, {"type": DEAL, "id": id, "title": f"Deal {id}", **_OPENED})
    add_row(store, CLASSIC, owner, fields, OPENED)
    return owner


def _deal(model: Mapping[str, Any], number: int) -> dict[str, Any]:
    id, created = FIRST + number, (OPENED + timedelta(minutes=number)).isoformat()
    return {**model, "id": id, "title": f"Deal {id}", "created_time": created, "updated_time": created}


def _insert_all(store: Store, table: str, records: Iterable[dict[str, Any]]) -> None:
    columns = [column["name"] for column in store.all("SELECT name FROM pragma_table_info(?)", table)]
    marks = ", ".join(f":{name}" for name in columns)
    store.connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", records)  # noqa: S608
