"""Product rows by condition, true on every portal.

Newer portals honour conditions on `id` and `productId` only and silently ignore the others (facts.md §7.5). So the
conditions are sent, what came back is checked against them, and where one page cannot prove that nothing is missing or
too much, all pages are read and the conditions, the order and the paging are applied here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..rest import Portal
from ..rest.filters import Condition, InvalidFilter, ordered, parse_filter, parse_order
from ..rest.object_types import ObjectType, object_type
from ..rest.portal import PAGE, listed, records
from ..rest.records import ProductRow

METHOD = "crm.item.productrow.list"
_HONOURED = {"id", "productId"}
_SORTED = {"id", "sort"}


async def list_rows(
    portal: Portal, owner: ObjectType, owner_id: int, filter: Mapping[str, Any], order: Mapping[str, str], start: int
) -> tuple[list[ProductRow], int | None, int | None]:
    """One page of 50 rows from `start`, the true number of rows that meet the conditions, and the next page's start.

    Raises:
        InvalidFilter: A condition or order that no portal could honour.
        PortalError: A page could not be read.

    """
    conditions = parse_filter(filter, tuple(ProductRow.model_fields))
    _check_owner(conditions, owner, owner_id)
    own = {"=ownerType": owner.code, "=ownerId": owner_id}
    others = {each.key: each.value for each in conditions if each.key not in own}
    parameters: dict[str, Any] = {"filter": {**own, **others}}
    if order:
        parameters["order"] = parse_order(order, tuple(ProductRow.model_fields))
    certain = all(each.field in _HONOURED for each in conditions) and set(order) <= _SORTED
    if certain:
        answer = await portal.answer(METHOD, {**parameters, "start": start} if start else parameters)
        rows = _rows(listed(answer.result, "productRows", METHOD))
        if all(_meets(row, conditions) for row in rows):
            return rows, answer.total, answer.next
    rows = _rows(await portal.pages(METHOD, parameters, "productRows"))
    found = {row.id: row for row in rows if _meets(row, conditions)}
    if order:
        sorted_ids = [each["id"] for each in ordered([row.model_dump() for row in found.values()], order)]
        found = {id: found[id] for id in sorted_ids}
    begin = start - start % PAGE
    end = begin + PAGE
    return list(found.values())[begin:end], len(found), end if end < len(found) else None


def _rows(value: list[Any]) -> list[ProductRow]:
    return records(ProductRow, value, METHOD)


def _meets(row: ProductRow, conditions: list[Condition]) -> bool:
    fields = row.model_dump()
    return all(each.accepts(fields) for each in conditions)


def _check_owner(conditions: list[Condition], owner: ObjectType, owner_id: int) -> None:
    """`ownerType` and `ownerId` may be repeated in the filter, as REST has them, but only with the same value."""
    for each in conditions:
        if each.field == "ownerId" and not (each.prefix in ("", "=") and str(each.value) == str(owner_id)):
            raise InvalidFilter("filter: the owner is given by ownerType and ownerId, not by the filter")
        if each.field == "ownerType" and not (each.prefix in ("", "=") and object_type(str(each.value)) == owner):
            raise InvalidFilter("filter: the owner is given by ownerType and ownerId, not by the filter")
