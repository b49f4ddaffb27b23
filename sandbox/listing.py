"""Lists of records as the list methods give them: chosen fields, filtered, ordered, and in pages of 50."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .columns import Column
from .filters import Clause, Vocabulary
from .registry import Page
from .store import Store

PAGE = 50
EVERYTHING = Clause()


@dataclass(frozen=True, slots=True)
class Listing:
    """Where a list's records come from, and what its fields are."""

    source: str
    """What stands after FROM."""
    columns: Mapping[str, Column]
    """The fields that an answer may hold."""
    vocabulary: Vocabulary
    order: str = "id"
    """The order where the caller leaves one open."""


def listing(source: str, columns: Mapping[str, Column], order: str = "id") -> Listing:
    """Return a list that filters and orders by all its fields and passes over unknown ones."""
    return Listing(source, columns, Vocabulary(columns, columns), order)


@dataclass(frozen=True, slots=True)
class Query:
    """What a caller wants of a list."""

    select: Iterable[Any] = ()
    filter: Mapping[str, Any] | None = None
    order: Mapping[str, Any] | None = None


def records(
    store: Store, listing: Listing, query: Query, within: Clause = EVERYTHING, *, limit: str = ""
) -> list[dict[str, object]]:
    """Return the records that a query finds, all of them unless there is a limit."""
    columns = chosen(listing.columns, query.select)
    where = within & listing.vocabulary.where(query.filter or {})
    order = ", ".join([*listing.vocabulary.order_by(query.order or {}), listing.order])
    names = ", ".join(column.sql for column in columns.values())
    sql = f"SELECT {names} FROM {listing.source} WHERE {where.sql} ORDER BY {order} {limit}"  # noqa: S608 - names are ours
    shown = [(name, column.shown) for name, column in columns.items()]
    return [
        {name: show(value) for (name, show), value in zip(shown, record, strict=True)}
        for record in store.all(sql, *where.values)
    ]


def page(store: Store, listing: Listing, query: Query, start: int, within: Clause = EVERYTHING) -> Page:
    """Return one page. A start of -1 gives the first without counting (facts.md §3.3)."""
    offset = max(start, 0) // PAGE * PAGE
    found = records(store, listing, query, within, limit=f"LIMIT {PAGE} OFFSET {offset}")
    if start == -1:
        return Page(found)
    where = within & listing.vocabulary.where(query.filter or {})
    total = store.value(f"SELECT COUNT(*) FROM {listing.source} WHERE {where.sql}", *where.values)  # noqa: S608
    return Page(found, total, offset + PAGE if offset + PAGE < total else None)


def chosen(columns: Mapping[str, Column], select: Iterable[Any]) -> Mapping[str, Column]:
    """Return the columns that a `select` names, or all when it names none or `*`. Unknown names are passed over."""
    names = {name for name in select if isinstance(name, str)}
    known = {name: column for name, column in columns.items() if name in names}
    return known if known and "*" not in names else columns
