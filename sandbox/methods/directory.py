"""Kinds of objects and currencies: `crm.type.list`, `crm.enum.*`, `crm.currency.list` (facts.md §8.3, §8.9)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .. import columns, objects
from ..listing import Query, listing, page, records
from ..numbers import RATE, unscaled
from ..registry import Call, Page, Refusal, method


def _rate(units: int) -> str:
    return f"{unscaled(units, RATE):.4f}"


TYPES = listing(
    "smart_type",
    {
        "id": columns.integer("id"),
        "entityTypeId": columns.integer("entity_type_id"),
        "title": columns.text("title"),
        "code": columns.text("code"),
        "isLinkWithProductsEnabled": columns.flag("has_products"),
        "isClientEnabled": columns.flag("has_client"),
        "isPaymentsEnabled": columns.constant("N"),
        "isCategoriesEnabled": columns.constant("N"),
        "isStagesEnabled": columns.constant("Y"),
        "createdTime": columns.moment("created_time"),
    },
)
CURRENCIES = listing(
    "currency",
    {
        "CURRENCY": columns.text("code"),
        "AMOUNT_CNT": columns.old_style(columns.integer("amount_count")),
        "AMOUNT": replace(columns.quantity("amount"), shown=_rate),
        "SORT": columns.old_style(columns.integer("sort")),
        "BASE": columns.flag("base"),
        "FULL_NAME": columns.text("full_name"),
        "DECIMALS": columns.old_style(columns.integer("decimals")),
    },
    order="sort, code",
)


@method("crm.type.list")
def type_list(
    call: Call, filter: dict[str, Any] | None = None, order: dict[str, Any] | None = None, start: int = 0
) -> object:
    """Return a page of the portal's smart processes."""
    if not call.user.admin:
        raise Refusal("ACCESS_DENIED", "Access denied")
    return page(call.store, TYPES, Query((), filter, order), start).under("types")


@method("crm.enum.ownertype")
def enum_ownertype(call: Call) -> object:
    """Return every kind of object of this portal with its short code."""
    return [
        {"ID": type.id, "NAME": type.title, "SYMBOL_CODE": type.name, "SYMBOL_CODE_SHORT": type.code}
        for type in objects.all_types(call.store)
    ]


@method("crm.enum.getorderownertypes")
def enum_getorderownertypes(call: Call) -> object:
    """Return the kinds of objects that an order can be bound to."""
    types = [type for type in objects.all_types(call.store) if type.payments]
    return [{"attribute": "DYN", "code": type.name, "id": type.id, "name": type.title} for type in types]


@method("crm.currency.list")
def currency_list(call: Call, ORDER: dict[str, Any] | None = None) -> object:
    """Return all currencies; the total is always 0."""
    return Page(records(call.store, CURRENCIES, Query(order=ORDER)), 0)
