"""Filter conditions and order of the list methods, compiled to SQL (facts.md §6.8).

Text from callers never becomes SQL: names are looked up in a table of columns, values are bound.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from .columns import Column
from .registry import Refusal
from .store import SqlValue

PREFIX = re.compile(r"(!=%|!%=|!=|!%|!@|!|=%|%=|>=|<=|>|<|=|@|%)?(.*)", re.DOTALL)
COMPARISONS = {">": ">", ">=": ">=", "<": "<", "<=": "<="}
PATTERNS = {"%": "LIKE", "=%": "LIKE", "%=": "LIKE", "!%": "NOT LIKE", "!=%": "NOT LIKE", "!%=": "NOT LIKE"}
NEGATIONS = {"!", "!=", "!@"}
MOST_CONDITIONS = 200
LONGEST_PATTERN = 1000


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition in SQL and the values bound to it."""

    sql: str = "1"
    values: tuple[SqlValue, ...] = ()

    def __and__(self, other: Clause) -> Clause:
        return Clause(f"{self.sql} AND {other.sql}", self.values + other.values)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names that a list's filter and order may use, and what becomes of other names and of unusable values."""

    filterable: Mapping[str, Column]
    orderable: Mapping[str, Column]
    unknown: Callable[[str, str], Refusal] | None = None
    """Makes the refusal from "filter" or "order" and the unknown name; None ignores what is unknown."""
    code: str = "INVALID_ARG_VALUE"
    """The code of the refusal of a value."""

    def where(self, filter: Mapping[str, Any]) -> Clause:
        """Compile a filter. All its conditions hold at once; numbered groups may join theirs by `"logic": "OR"`."""
        parts = list(self._parts(filter, depth=0))
        if len(parts) > MOST_CONDITIONS:
            raise self._invalid(f"Invalid filter: more than {MOST_CONDITIONS} conditions")
        return _joined(" AND ", parts)

    def order_by(self, order: Mapping[str, Any]) -> list[str]:
        """Compile an order."""
        terms: list[str] = []
        for name, direction in order.items():
            column = self._known("order", self.orderable, name)
            if column:
                terms.append(f"{column.sql} {self._direction(name, direction)}")
        return terms

    def _parts(self, filter: Mapping[str, Any], depth: int) -> Iterator[Clause]:
        for key, value in filter.items():
            if key.isdigit() and isinstance(value, dict):
                yield self._group(cast("dict[str, Any]", value), depth + 1)
            elif key.lower() != "logic":
                prefix, name = PREFIX.fullmatch(key).groups(default="")  # pyright: ignore[reportOptionalMemberAccess]
                column = self._known("filter", self.filterable, name)
                if column:
                    yield self._condition(prefix, name, column, value)

    def _group(self, group: dict[str, Any], depth: int) -> Clause:
        if depth > 5:
            raise self._invalid("Invalid filter: nested too deeply")
        parts = list(self._parts(group, depth))
        if len(parts) > MOST_CONDITIONS:
            raise self._invalid(f"Invalid filter: more than {MOST_CONDITIONS} conditions")
        either = str(group.get("logic", "AND")).upper() == "OR"
        joined = _joined(" OR " if either else " AND ", parts)
        return Clause(f"({joined.sql})", joined.values)

    def _condition(self, prefix: str, name: str, column: Column, value: object) -> Clause:
        if _is_list(value) and (prefix in COMPARISONS or prefix in PATTERNS):
            key = prefix + re.sub(r"(?<!^)(?=[A-Z])", "_", name).upper()
            raise self._invalid(f"Value for filter key '{key}' should be either string or number")
        try:
            return _compiled(prefix, column, value)
        except (ValueError, OverflowError):
            raise self._invalid(f"Invalid filter: field '{name}' has invalid value") from None

    def _known(self, part: str, columns: Mapping[str, Column], name: str) -> Column | None:
        column = columns.get(name)
        if column is None and self.unknown:
            raise self.unknown(part, name)
        return column

    def _direction(self, name: str, direction: object) -> str:
        written = str(direction).upper()
        if written in ("ASC", "DESC"):
            return written
        if self.unknown is None:
            return "ASC"
        text = f"allowed sort directions are `ASC, DESC`. But got '{direction}' for field '{name}'"
        raise self._invalid(f"Invalid order: {text}")

    def _invalid(self, text: str) -> Refusal:
        return Refusal(self.code, text)


def _is_list(value: object) -> bool:
    """PHP has one kind of array."""
    return isinstance(value, list | dict)


def _joined(word: str, parts: list[Clause]) -> Clause:
    if not parts:
        return Clause()
    return Clause(word.join(part.sql for part in parts), tuple(value for part in parts for value in part.values))


def _compiled(prefix: str, column: Column, value: object) -> Clause:
    if prefix in PATTERNS:
        return _pattern(prefix, column, value)
    if prefix in COMPARISONS:
        sql, bound = column.operand(column.sql, value)
        return Clause(f"{sql} {COMPARISONS[prefix]} ?", (bound,))
    negated = prefix in NEGATIONS
    if _is_list(value) or "@" in prefix:
        return _membership(column, value, negated)
    if value is None or value == "":
        empty = f"({column.sql} IS NULL OR {column.sql} = '')"
        return Clause(f"NOT {empty}" if negated else empty)
    sql, bound = column.operand(column.sql, value)
    return Clause(f"{sql} IS NOT ?" if negated else f"{sql} = ?", (bound,))


def _membership(column: Column, value: object, negated: bool) -> Clause:
    """One bound JSON array, however long the list is."""
    members: list[object]
    if isinstance(value, dict):
        members = list(cast("dict[str, object]", value).values())
    else:
        members = list(cast("list[object]", value)) if isinstance(value, list) else [value]
    operands = [column.operand(column.sql, member) for member in members]
    sql = operands[0][0] if operands else column.sql
    inside = f"{sql} IN (SELECT value FROM json_each(?))"  # noqa: S608 - the column is ours
    bound = json.dumps([bound for _, bound in operands])
    return Clause(f"({sql} IS NULL OR NOT {inside})" if negated else inside, (bound,))


def _pattern(prefix: str, column: Column, value: object) -> Clause:
    if isinstance(value, bool) or not isinstance(value, int | float | str) or len(str(value)) > LONGEST_PATTERN:
        raise ValueError(value)
    wanted = str(value)
    if "=" not in prefix:
        wanted = "%" + re.sub(r"([\\%_])", r"\\\1", wanted) + "%"
    written = f"COALESCE({column.like.format(column.sql)}, '')"
    return Clause(f"{written} {PATTERNS[prefix]} ? ESCAPE '\\'", (wanted,))
