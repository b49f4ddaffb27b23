"""The page of a deal or an invoice: rows, payments, deliveries and orders."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..billing import available
from ..numbers import LARGEST
from ..objects import DEAL, Owner, find_owner, type_by_id
from ..payment_link import public_path
from ..product_rows import SORTED
from ..store import Store
from .log import newest_calls
from .overview import CLIENT, KINDS
from .paging import Part, part
from .payment_contents import Contents, contents
from .payment_state import PAYMENTS, STATE, payment_state
from .rendering import page, problem

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from ..portal import Portal

ROWS = 100
"""Product rows on one page."""
MOST_DOCUMENTS = 50
"""Payments, deliveries and orders that are shown, the newest."""
MOST_LINES = 20
"""Lines of each of these payments."""


@dataclass(frozen=True, slots=True)
class Row:
    """A product row."""

    record: sqlite3.Row
    billed: int
    """How much of its quantity is in payments, in units of 10^-4."""


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment of the object."""

    record: sqlite3.Row
    contents: Contents
    address: str
    """The path of the customer's page."""


def details_page(portal: Portal, request: Request) -> Response:
    """Show an object."""
    owner = _owner(portal.store, request)
    if owner is None:
        return problem(portal, 404, "Not found", "There is no deal or invoice of this number.")
    record = _record(portal.store, owner)
    counted = portal.store.value(
        "SELECT COUNT(*) FROM product_row WHERE owner_type = ? AND owner_id = ?", owner.type.code, owner.id
    )
    shown = part(request, counted, ROWS)
    return page(
        portal,
        "details.html",
        kind=KINDS[owner.type.id],
        object=record,
        state_of=payment_state(record),
        rows=_rows(portal.store, owner, shown),
        row_count=counted,
        part=shown,
        payments=_payments(portal.store, owner),
        deliveries=_documents(portal.store, "shipment", owner, "AND system = 'N' AND delivery_id > 0"),
        orders=_documents(portal.store, "sale_order", owner),
        most=MOST_DOCUMENTS,
        calls=newest_calls(portal),
    )


def _owner(store: Store, request: Request) -> Owner | None:
    type_id, id = request.path_params.get("type", str(DEAL)), request.path_params["id"]
    if not all(each.isascii() and each.isdigit() and int(each) <= LARGEST for each in (type_id, id)):
        return None
    type = type_by_id(store, int(type_id)) if int(type_id) in KINDS else None
    return find_owner(store, type, int(id)) if type else None


def _record(store: Store, owner: Owner) -> sqlite3.Row:
    (record,) = store.all(
        f"SELECT object.*, {STATE}, {CLIENT} AS client FROM item AS object {PAYMENTS}"  # noqa: S608
        " WHERE entity_type_id = ? AND object.id = ? GROUP BY object.id",
        owner.type.id,
        owner.id,
    )
    return record


def _rows(store: Store, owner: Owner, shown: Part) -> list[Row]:
    records = store.all(
        f"SELECT * FROM product_row WHERE owner_type = ? AND owner_id = ? ORDER BY {SORTED} LIMIT ? OFFSET ?",  # noqa: S608
        owner.type.code,
        owner.id,
        ROWS,
        shown.offset,
    )
    return [Row(record, record["quantity"] - available(store, owner, record)) for record in records]


def _payments(store: Store, owner: Owner) -> list[Payment]:
    records = _documents(store, "payment", owner)
    covered = contents(store, [record["id"] for record in records], MOST_LINES)
    return [Payment(record, covered[record["id"]], public_path(record)) for record in records]


def _documents(store: Store, table: str, owner: Owner, condition: str = "") -> list[sqlite3.Row]:
    order_id = "id" if table == "sale_order" else "order_id"
    return store.all(
        f"SELECT {table}.* FROM {table} JOIN order_binding ON order_binding.order_id = {table}.{order_id}"  # noqa: S608
        f" WHERE owner_type_id = ? AND owner_id = ? {condition} ORDER BY {table}.id DESC LIMIT {MOST_DOCUMENTS + 1}",
        owner.type.id,
        owner.id,
    )
