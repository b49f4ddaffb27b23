"""`crm.item.productrow.*`: what deals, invoices, leads, estimates and smart processes sell (facts.md §7.1 to §7.8)."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any, cast

from .. import billing, product_rows, rights
from ..descriptions import ROW_FIELDS
from ..filters import PREFIX, Clause, Vocabulary
from ..listing import Listing, Query, page
from ..numbers import whole
from ..objects import Owner, Rows, find_owner, type_by_code
from ..orders import bound_orders
from ..product_rows import ROW, SORTED, find_row
from ..registry import Call, Refusal, method


def _unknown_field(part: str, name: str) -> Refusal:
    return Refusal("0", f"Unknown field definition `{name}` in the {part} of ProductRow")


CLASSIC = Listing("product_row", ROW, Vocabulary(ROW, ROW, _unknown_field))
CURRENT = Listing(
    "product_row",
    ROW,
    Vocabulary({name: ROW[name] for name in ("id", "productId")}, {name: ROW[name] for name in ("id", "sort")}),
    SORTED,
)
CURRENT_PREFIXES = ("", "=", "!", "!=", ">", ">=", "<", "<=", "@")


@method("crm.item.productrow.add", writes=True)
def productrow_add(call: Call, fields: dict[str, Any]) -> object:
    """Add a row to an object."""
    owner = _owner(call, fields.get("ownerType"), fields.get("ownerId"))
    rights.require_changing(call)
    row_id = product_rows.add_row(call.store, call.profile, owner, fields, call.now)
    unsent = () if "taxRate" in fields else ("taxRate",)
    shown = _shown(call, _row(call, row_id), "taxName", "storeId", *unsent)
    names = dict.fromkeys(("id", "ownerId", "ownerType", *fields, *shown))
    return {"productRow": {name: shown[name] for name in names if name in shown}}


@method("crm.item.productrow.update", writes=True)
def productrow_update(call: Call, id: int, fields: dict[str, Any]) -> object:
    """Change a row."""
    row = _row(call, id)
    owner = _owner(call, row["owner_type"], row["owner_id"])
    rights.require_changing(call)
    product_rows.update_row(call.store, call.profile, owner, row, fields, call.now)
    return {"productRow": _shown(call, _row(call, id), "storeId")}


@method("crm.item.productrow.get")
def productrow_get(call: Call, id: int) -> object:
    """Return a row with its warehouse."""
    row = _row(call, id)
    _owner(call, row["owner_type"], row["owner_id"])
    rights.require_reading(call)
    return {"productRow": _shown(call, row)}


@method("crm.item.productrow.set", writes=True)
def productrow_set(call: Call, ownerId: int, ownerType: str, productRows: list[Any]) -> object:
    """Replace all rows of an object."""
    owner = _owner(call, ownerType, ownerId)
    rights.require_changing(call)
    wanted: list[dict[str, Any]] = [row or {} for row in productRows]
    if not all(isinstance(row, dict) for row in productRows if row):
        raise Refusal("INVALID_ARG_VALUE", "Every product row must be an object")
    product_rows.replace_rows(call.store, call.profile, owner, wanted, call.now)
    return {"productRows": [_shown(call, row, "storeId") for row in product_rows.rows_of(call.store, owner)]}


@method("crm.item.productrow.list")
def productrow_list(call: Call, filter: dict[str, Any], order: dict[str, Any] | None = None, start: int = 0) -> object:
    """Return a page of an object's rows. The owner stands in the filter, under exactly these two keys."""
    conditions = dict(filter)
    code, owner_id = conditions.pop("=ownerType", None), _positive(conditions.pop("=ownerId", None))
    if not code:
        raise Refusal("REQUIRED_ARG_MISSING", "Argument '=ownerType' is required")
    if owner_id is None:
        raise Refusal("REQUIRED_ARG_MISSING", "Argument '=ownerId' is required")
    within = Clause("owner_type = ? AND owner_id = ?", (_readable_code(call, str(code), owner_id), owner_id))
    listing = CLASSIC
    if call.profile.restricted_list_filter:
        listing, conditions = CURRENT, _understood(conditions)
    names = [name for name in ROW if name != "taxName" or call.profile.tax_names]
    return page(call.store, listing, Query(names, conditions, order), start, within).under("productRows")


@method("crm.item.productrow.getAvailableForPayment")
def productrow_available(call: Call, ownerId: int, ownerType: str) -> object:
    """Return the rows that are not wholly in payments, with the quantity that is left of each."""
    owner = _owner(call, ownerType, ownerId, reading=True)
    rights.require_reading(call)
    if len(bound_orders(call.store, owner.type.id, owner.id)) > 1:
        raise Refusal("0", "This method does not support multiple orders.")
    left = ROW["quantity"].shown
    return {
        "productRows": [
            _shown(call, row, "taxName", "storeId") | {"quantity": left(row["available"])}
            for row in billing.available_rows(call.store, owner)
        ]
    }


@method("crm.item.productrow.delete", writes=True)
def productrow_delete(call: Call, id: int) -> object:
    """Remove a row, also from unpaid payments."""
    row = _row(call, id)
    owner = _owner(call, row["owner_type"], row["owner_id"])
    rights.require_changing(call)
    product_rows.delete_row(call.store, owner, row, call.now)
    return None


@method("crm.item.productrow.fields")
def productrow_fields(call: Call) -> object:
    """Describe the fields of a row."""
    names = [name for name in ROW_FIELDS if name != "taxName" or call.profile.tax_names]
    return {"fields": {name: ROW_FIELDS[name] for name in names}}


def _row(call: Call, id: int) -> sqlite3.Row:
    row = find_row(call.store, id)
    if row is None:
        raise Refusal("NOT_FOUND", "Element not found" if call.profile.integer_codes else "Item was not found.")
    return row


def _owner(call: Call, code: object, id: object, *, reading: bool = False) -> Owner:
    """Return the object that rows belong to. Contacts and companies have none, which only a write minds."""
    type = type_by_code(call.store, str(code))
    if type is None or type.rows is Rows.REFUSED or (type.rows is Rows.EMPTY and not reading):
        text = f"Entity type '{type.title if type else code}' is not supported"
        raise Refusal("ENTITY_TYPE_NOT_SUPPORTED", text)
    owner_id = _positive(id)
    owner = find_owner(call.store, type, owner_id) if owner_id else None
    if owner is None:
        raise Refusal("OWNER_NOT_FOUND", "Owner was not found")
    return owner


def _readable_code(call: Call, code: str, owner_id: int) -> str:
    """Return the canonical short code of an object whose rows may be read.

    An object that does not exist is refused like one that may not be read, but for a classic portal's administrator.
    """
    type = type_by_code(call.store, code)
    if type is None or type.rows is Rows.REFUSED or not call.user.reads_crm:
        raise Refusal("ACCESS_DENIED", "Access denied")
    all_seeing = call.user.admin and not call.profile.restricted_list_filter
    if find_owner(call.store, type, owner_id) is None and not all_seeing:
        raise Refusal("ACCESS_DENIED", "Access denied")
    return type.code


def _positive(id: object) -> int | None:
    try:
        number = whole(id)
    except (ValueError, OverflowError):
        return None
    return number if number > 0 else None


def _understood(conditions: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what the current generation looks at; whatever else was asked for is ignored without a word."""
    kept: dict[str, Any] = {}
    for key, value in conditions.items():
        prefix = cast("str", PREFIX.fullmatch(key)[1] or "")  # pyright: ignore[reportOptionalSubscript]
        listed = isinstance(value, list | dict)
        if prefix in CURRENT_PREFIXES and (not listed or prefix[:1] in ("@", "<", ">")):
            kept[key] = value
    return kept


def _shown(call: Call, row: sqlite3.Row, *hidden: str) -> dict[str, object]:
    """Return a row as answers show it, without the fields that this answer lacks."""
    shown = {name: column.shown(row[column.sql]) for name, column in ROW.items() if name != "customized"}
    shown["customized"] = "Y"
    if not call.profile.tax_names:
        hidden = (*hidden, "taxName")
    return {name: shown[name] for name in ROW if name not in hidden}
