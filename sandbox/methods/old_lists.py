"""`crm.deal.list`, `crm.deal.get`, `crm.invoice.list`: the older methods, whose values are strings (facts.md §8.2)."""

from __future__ import annotations

from typing import Any

from ..filters import Clause
from ..items import DEAL_COLUMNS, OLD_INVOICE_COLUMNS
from ..listing import Listing, Query, listing, page, records
from ..numbers import whole
from ..objects import DEAL, OLD_INVOICE
from ..registry import Call, Page, Refusal, method

DEALS = listing("item", DEAL_COLUMNS)
OLD_INVOICES = listing("item", OLD_INVOICE_COLUMNS)


@method("crm.deal.list")
def deal_list(
    call: Call,
    SELECT: list[Any] | None = None,
    FILTER: dict[str, Any] | None = None,
    ORDER: dict[str, Any] | None = None,
    START: int = 0,
) -> object:
    """Return a page of deals."""
    return _page(call, DEALS, DEAL, Query(SELECT or (), FILTER, ORDER), START)


@method("crm.deal.get")
def deal_get(call: Call, ID: Any = None) -> object:
    """Return a deal."""
    try:
        id = whole(ID)
    except (ValueError, OverflowError):
        raise Refusal("", "ID is not defined or invalid.") from None
    _require_reading(call)
    found = records(call.store, DEALS, Query(), Clause("entity_type_id = ? AND id = ?", (DEAL, id)))
    if not found:
        raise Refusal("", "Not found")
    return found[0]


@method("crm.invoice.list")
def invoice_list(
    call: Call,
    SELECT: list[Any] | None = None,
    FILTER: dict[str, Any] | None = None,
    ORDER: dict[str, Any] | None = None,
    START: int = 0,
) -> object:
    """Return a page of the old invoices, which no commerce method accepts."""
    return _page(call, OLD_INVOICES, OLD_INVOICE, Query(SELECT or (), FILTER, ORDER), START)


def _page(call: Call, listing: Listing, type_id: int, query: Query, start: int) -> Page:
    """Without counting, the older methods give a total of 0."""
    _require_reading(call)
    found = page(call.store, listing, query, start, Clause("entity_type_id = ?", (type_id,)))
    return Page(found.result, found.total or 0, found.next)


def _require_reading(call: Call) -> None:
    if not call.user.reads_crm:
        raise Refusal("", "Access denied.")
