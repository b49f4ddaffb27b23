"""Ways to pay and to deliver, in the older form: `sale.paysystem.list`, `sale.delivery.getlist` (facts.md §8.4)."""

from __future__ import annotations

from typing import Any

from .. import columns, rights
from ..columns import Column
from ..filters import Vocabulary
from ..listing import Listing, Query, records
from ..registry import Call, Refusal, method


def _unknown_field(part: str, name: str) -> Refusal:
    return Refusal("ERROR_CHECK_FAILURE", f"Incorrect field {name} in {part}")


def _listing(table: str, fields: dict[str, Column]) -> Listing:
    shown = {name: columns.old_style(column) for name, column in fields.items()}
    return Listing(table, shown, Vocabulary(shown, shown, _unknown_field, code="ERROR_CHECK_FAILURE"))


PAY_SYSTEMS = _listing(
    "pay_system",
    {
        "ID": columns.integer("id"),
        "NAME": columns.text("name"),
        "PSA_NAME": columns.text("name"),
        "ACTIVE": columns.flag("active"),
        "SORT": columns.integer("sort"),
        "PERSON_TYPE_ID": columns.constant(None),
        "IS_CASH": columns.text("is_cash"),
        "ACTION_FILE": columns.text("action_file"),
        "ENTITY_REGISTRY_TYPE": columns.text("registry_type"),
        "XML_ID": columns.constant(None),
    },
)
DELIVERY_SERVICES = _listing(
    "delivery_service",
    {
        "ID": columns.integer("id"),
        "PARENT_ID": columns.integer("parent_id"),
        "NAME": columns.text("name"),
        "ACTIVE": columns.flag("active"),
        "DESCRIPTION": columns.text("description"),
        "SORT": columns.integer("sort"),
        "CURRENCY": columns.text("currency"),
    },
)


@method("sale.paysystem.list", scope="pay_system")
def paysystem_list(
    call: Call,
    SELECT: list[Any] | None = None,
    FILTER: dict[str, Any] | None = None,
    ORDER: dict[str, Any] | None = None,
) -> object:
    """Return all payment systems."""
    rights.require_settings(call)
    return records(call.store, PAY_SYSTEMS, Query(SELECT or (), FILTER, ORDER))


@method("sale.delivery.getlist", scope="sale")
def delivery_getlist(
    call: Call,
    SELECT: list[Any] | None = None,
    FILTER: dict[str, Any] | None = None,
    ORDER: dict[str, Any] | None = None,
) -> object:
    """Return all delivery services."""
    rights.require_settings(call)
    return records(call.store, DELIVERY_SERVICES, Query(SELECT or (), FILTER, ORDER))
