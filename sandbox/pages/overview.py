"""The portal's root: its deals and invoices, the newest first."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..numbers import LARGEST
from ..objects import DEAL, INVOICE
from .log import newest_calls
from .paging import part
from .payment_state import PAYMENTS, STATE, PaymentState, payment_state
from .rendering import page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from ..portal import Portal

SIZE = 25
LONGEST_SEARCH = 100
KINDS = {DEAL: "Deal", INVOICE: "Invoice"}
"""The kinds of objects that have pages."""

CLIENT = """COALESCE(
    (SELECT title FROM item WHERE entity_type_id = 4 AND id = object.company_id),
    (SELECT name || ' ' || last_name FROM item WHERE entity_type_id = 3 AND id = object.contact_id),
    ''
)"""
"""The SQL of the name of an `object`'s client: the company or, without one, the contact."""

_FOUND = f"""
    FROM item WHERE entity_type_id IN ({DEAL}, {INVOICE}) AND (?1 = '' OR id = ?2 OR instr(casefold(title), ?1))
"""


@dataclass(frozen=True, slots=True)
class Line:
    """A deal or an invoice in the list."""

    kind: str
    id: int
    title: str
    client: str
    created: str
    currency: str
    state: PaymentState
    address: str


def overview_page(portal: Portal, request: Request) -> Response:
    """Show the objects whose title holds the words that were searched for, or whose id they are."""
    search = request.query_params.get("search", "").strip()[:LONGEST_SEARCH]
    id = int(search) if search.isascii() and search.isdigit() and int(search) <= LARGEST else None
    wanted = (search.casefold(), id)
    total = portal.store.value(f"SELECT COUNT(*) {_FOUND}", *wanted)
    shown = part(request, total, SIZE, search=search)
    records = portal.store.all(
        f"WITH object AS (SELECT * {_FOUND} ORDER BY created_time DESC, id DESC LIMIT ? OFFSET ?)"  # noqa: S608
        f" SELECT object.*, {STATE}, {CLIENT} AS client FROM object {PAYMENTS}"
        " GROUP BY entity_type_id, object.id ORDER BY created_time DESC, object.id DESC",
        *wanted,
        SIZE,
        shown.offset,
    )
    lines = [_line(record) for record in records]
    calls = newest_calls(portal)
    return page(portal, "overview.html", lines=lines, total=total, part=shown, search=search, calls=calls)


def _line(record: sqlite3.Row) -> Line:
    type_id, id = record["entity_type_id"], record["id"]
    return Line(
        kind=KINDS[type_id],
        id=id,
        title=record["title"],
        client=record["client"],
        created=record["created_time"],
        currency=record["currency_id"],
        state=payment_state(record),
        address=f"/crm/deal/details/{id}/" if type_id == DEAL else f"/crm/type/{type_id}/details/{id}/",
    )
