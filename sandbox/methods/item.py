"""`crm.item.list`, `get` and `fields`: deals, invoices and every other kind of CRM object (facts.md §8.1)."""

from __future__ import annotations

from typing import Any

from .. import rights
from ..filters import Clause, Vocabulary
from ..items import fields_of
from ..listing import Listing, Query, page, records
from ..objects import ObjectType, type_by_id
from ..registry import Call, Refusal, method


@method("crm.item.list")
def item_list(
    call: Call,
    entityTypeId: int,
    select: list[Any] | None = None,
    filter: dict[str, Any] | None = None,
    order: dict[str, Any] | None = None,
    start: int = 0,
) -> object:
    """Return a page of objects of one kind. The id is always among the fields."""
    type = _type(call, entityTypeId)
    rights.require_reading(call)
    names = ["id", *select] if select else ()
    return page(call.store, _listing(type), Query(names, filter, order), start, _of(type)).under("items")


@method("crm.item.get")
def item_get(call: Call, entityTypeId: int, id: int) -> object:
    """Return one object."""
    type = _type(call, entityTypeId)
    found = records(call.store, _listing(type), Query(), _of(type) & Clause("id = ?", (id,)))
    if not found:
        raise Refusal("NOT_FOUND", "Element not found" if call.profile.integer_codes else "Item was not found.")
    rights.require_reading(call)
    return {"item": found[0]}


@method("crm.item.fields")
def item_fields(call: Call, entityTypeId: int) -> object:
    """Describe the fields of one kind of object."""
    fields = fields_of(_type(call, entityTypeId))
    return {"fields": {name: field.description(name) for name, field in fields.items()}}


def _type(call: Call, id: int) -> ObjectType:
    type = type_by_id(call.store, id)
    if type is None or not type.listed:
        raise Refusal("NOT_FOUND", "SPA not found")
    return type


def _listing(type: ObjectType) -> Listing:
    columns = {name: field.column for name, field in fields_of(type).items()}
    return Listing("item", columns, Vocabulary(columns, columns, _unknown_field))


def _unknown_field(part: str, name: str) -> Refusal:
    return Refusal("INVALID_ARG_VALUE", f"Invalid {part}: field '{name}' is not allowed in {part}")


def _of(type: ObjectType) -> Clause:
    return Clause("entity_type_id = ?", (type.id,))
