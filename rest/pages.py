"""All pages of a long list: the first by itself, then all others at the same time, so that they share requests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import anyio

from .reporting import report

_AT_ONCE = 1250
"""Pages asked for at the same time: as many as the layer below can have under way."""
_READINGS = 3
_STEPS = 20
"""How often the caller is told how far a reading is."""
_IDENTITIES = ("id", "ID", "orderId")
"""What tells records apart. A binding has no id, but an order has one binding at most (facts.md §9.9)."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, with the number of records in the list and the offset of the next page (facts.md §3.3)."""

    records: list[Any]
    total: int | None
    next: int | None


async def all_records(read: Callable[[int], Awaitable[Page]]) -> list[Any]:
    """Every record of a list, in the list's order, none of them twice; `read` gives the page at an offset.

    Others may change the list meanwhile. What the portal numbers through are places, not records: when a record goes or
    comes, all behind it move, and one can slip from a page that is still to be read to one that has been. The change
    shows in the number of records, or in one that comes twice; then everything is read anew, up to three times.

    Promised is: a record that keeps its place is in the result, and no record is there twice (records without an id are
    told apart by nothing). Not promised: a record added or removed meanwhile may be in the result or not; when one goes
    and another comes during the same reading, or the list does not come to rest in three readings, a record whose
    place has moved can be missing.
    """
    unique: list[Any] = []
    read_before = 0
    for _ in range(_READINGS):
        pages = await _reading(read, read_before)
        records = [record for page in pages for record in page.records]
        unique = _unique(records)
        if len(unique) == len(records) and len({page.total for page in pages}) == 1:
            break
        read_before += len(records)
    return unique


async def _reading(read: Callable[[int], Awaitable[Page]], read_before: int) -> Sequence[Page]:
    """The pages of one pass through the list; `read_before` counts the records of earlier ones."""
    first = await read(0)
    if first.next is None:
        return [first]
    if first.total is None:
        return await _one_by_one(read, first)
    progress = _Progress(read_before, read_before + first.total)
    await progress.advance(len(first.records))
    return [first, *await _side_by_side(read, range(first.next, first.total, first.next), progress)]


async def _one_by_one(read: Callable[[int], Awaitable[Page]], page: Page) -> Sequence[Page]:
    """The pages of a list whose length the portal does not tell."""
    pages = [page]
    while page.next is not None and page.records:
        page = await read(page.next)
        pages.append(page)
    return pages


async def _side_by_side(
    read: Callable[[int], Awaitable[Page]], offsets: Sequence[int], progress: _Progress
) -> Sequence[Page]:
    """The pages at these offsets. The first failure ends the reading of all."""
    pages: dict[int, Page] = {}
    failures: list[Exception] = []
    left = iter(offsets)

    async def ask(scope: anyio.CancelScope) -> None:
        try:
            for offset in left:
                page = pages[offset] = await read(offset)
                await progress.advance(len(page.records))
                if not page.records:
                    return
        except Exception as failure:
            failures.append(failure)
            scope.cancel()

    async with anyio.create_task_group() as tasks:
        for _ in range(min(len(offsets), _AT_ONCE)):
            tasks.start_soon(ask, tasks.cancel_scope)
    if failures:
        raise failures[0]
    return [pages[offset] for offset in sorted(pages)]


class _Progress:
    """Tells the caller how many records are read, in not more than twenty steps."""

    def __init__(self, done: int, total: int) -> None:
        self._done = self._told = done
        self._total = total
        self._step = (total - done) / _STEPS

    async def advance(self, records: int) -> None:
        """So many more are read."""
        self._done += records
        if self._done - self._told >= self._step:
            self._told = self._done
            await report(self._done, max(self._done, self._total), f"{self._done} of {self._total} records read")


def _unique(records: Sequence[Any]) -> list[Any]:
    """The records, each at its first place."""
    seen: set[object] = set()
    return [record for record in records if _is_new(_identity(record), seen)]


def _is_new(identity: object, seen: set[object]) -> bool:
    if identity in seen:
        return False
    if identity is not None:
        seen.add(identity)
    return True


def _identity(record: object) -> object:
    """What tells a record apart from the others; None where nothing does. Ids may come as numbers or as text."""
    if not isinstance(record, dict):
        return None
    fields = cast("dict[str, object]", record)
    return next((str(fields[name]) for name in _IDENTITIES if fields.get(name) is not None), None)
