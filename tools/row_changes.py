"""Which product rows a `productrow.set` keeps, changes, removes and makes (facts.md §7.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ..rest.records import ProductRow
from .tables import cell

_DEFAULTS = {
    "price": Decimal(0),
    "quantity": Decimal(1),
    "discountRate": Decimal(0),
    "taxRate": None,
    "productId": 0,
    "taxIncluded": "N",
    "sort": 0,
    "measureCode": 796,
}


@dataclass(frozen=True, slots=True)
class RowChanges:
    """What becomes of the rows that are there, and which are new."""

    gone: list[ProductRow] = field(default_factory=list[ProductRow])
    changed: list[tuple[ProductRow, list[str]]] = field(default_factory=list[tuple[ProductRow, list[str]]])
    """With `name: before → after` of each field."""
    kept: list[ProductRow] = field(default_factory=list[ProductRow])
    doubtful: list[ProductRow] = field(default_factory=list[ProductRow])
    """Kept if their names are those of the catalog, which a row that names only its product gets."""
    new: list[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])

    @property
    def losing(self) -> set[int]:
        """The ids of the rows that lose their payment items: a changed row may be made anew."""
        return {row.id for row in self.gone} | {row.id for row, _ in self.changed}

    @property
    def in_doubt(self) -> set[int]:
        """The ids of the rows that may lose their payment items."""
        return {row.id for row in self.doubtful}


def row_changes(present: Sequence[ProductRow], sent: Sequence[Mapping[str, Any]]) -> RowChanges:
    """Match what is sent with what is there: by its id, else with an identical row."""
    by_id = {row.id: row for row in present}
    taken = {row["id"] for row in sent if row.get("id") in by_id}
    alike: dict[tuple[object, ...], list[ProductRow]] = {}
    for row in present:
        if row.id not in taken:
            alike.setdefault((row.productId, row.price, row.quantity), []).append(row)
    changes = RowChanges()
    for row in sent:
        before = by_id.get(row.get("id", 0)) or _identical(row, alike)
        if before is None:
            changes.new.append(row)
            continue
        taken.add(before.id)
        if differences := _differences(before, row):
            changes.changed.append((before, differences))
        elif row.get("productId") and "productName" not in row:
            changes.doubtful.append(before)
        else:
            changes.kept.append(before)
    changes.gone.extend(row for row in present if row.id not in taken)
    return changes


def _identical(sent: Mapping[str, Any], alike: Mapping[tuple[object, ...], list[ProductRow]]) -> ProductRow | None:
    wanted = {**_DEFAULTS, **sent}
    candidates = alike.get((wanted["productId"], wanted["price"], wanted["quantity"]), [])
    for row in candidates:
        if not _differences(row, sent):
            candidates.remove(row)
            return row
    return None


def _differences(row: ProductRow, sent: Mapping[str, Any]) -> list[str]:
    """What would change, `name: before → after`; a field that is not sent gets its default."""
    wanted = {**_DEFAULTS, **{name: value for name, value in sent.items() if name != "id"}}
    if "discountSum" in sent:
        del wanted["discountRate"]
    compared = ((name, getattr(row, name, None), value) for name, value in wanted.items())
    return [f"{name} {cell(before)} → {cell(value)}" for name, before, value in compared if before != value]
