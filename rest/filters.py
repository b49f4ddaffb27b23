"""The grammar of filters and orders: `{">=price": 100, "@id": [1, 2]}` (facts.md §6.8).

A portal ignores conditions that it does not know, without a word, and so gives more than was asked for. Hence
conditions are parsed and checked here before they are sent, and can be applied here to what came back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, cast

PREFIXES = ("!=%", "!%=", "!@", "!=", "!%", ">=", "<=", "=%", "%=", "=", "!", ">", "<", "@", "%", "")
"""All prefixes, the longer ones first."""
_LISTS = ("@", "!@")
_PATTERNS = ("=%", "%=", "!=%", "!%=")
Scalar = str | int | float | Decimal | bool | None


class InvalidFilter(ValueError):
    """A condition that no portal could honour; the message says which and what would do."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One entry of a filter."""

    key: str
    """As REST spells it, `>=price`."""
    prefix: str
    field: str
    value: Scalar | list[Scalar]

    def accepts(self, record: Mapping[str, Any]) -> bool:
        """Whether a record of the portal meets the condition. A field that the record lacks counts as null."""
        return _accepts(self.prefix, record.get(self.field), self.value)


def parse_filter(filter: Mapping[str, Any], fields: Collection[str]) -> list[Condition]:
    """Read a filter whose conditions may only name `fields`.

    Raises:
        InvalidFilter: An unknown field or prefix, a list where a single value belongs, or the reverse.

    """
    return [_condition(key, value, fields) for key, value in filter.items()]


def _condition(key: str, value: Any, fields: Collection[str]) -> Condition:
    prefix = next(prefix for prefix in PREFIXES if key.startswith(prefix))
    field = key[len(prefix) :]
    if field not in fields:
        raise InvalidFilter(f"filter: there is no field {field[:40]!r} in {key[:44]!r}; fields: {', '.join(fields)}")
    if prefix in _LISTS:
        if not isinstance(value, list) or not value:
            raise InvalidFilter(f"filter: {key} takes a list of values")
    elif isinstance(value, list | dict):
        raise InvalidFilter(f"filter: {key} takes one value; for a list write @{field}")
    return Condition(key, prefix, field, cast("Scalar | list[Scalar]", value))


def parse_order(order: Mapping[str, str], fields: Collection[str]) -> dict[str, str]:
    """Read an order (`{"price": "desc"}`).

    Raises:
        InvalidFilter: An unknown field, or a direction other than asc and desc.

    """
    for field, direction in order.items():
        if field not in fields:
            raise InvalidFilter(f"order: there is no field {field[:40]!r}; fields: {', '.join(fields)}")
        if str(direction).lower() not in ("asc", "desc"):
            raise InvalidFilter(f"order: {field} takes asc or desc")
    return dict(order)


def ordered(records: Iterable[Mapping[str, Any]], order: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """The records in the given order; those that compare equal keep theirs. Nulls come first, as on the portal."""
    result = list(records)
    for field, direction in reversed(list(order.items())):
        result.sort(key=_by(field), reverse=direction.lower() == "desc")
    return result


def _by(field: str) -> Callable[[Mapping[str, Any]], tuple[int, Decimal, str]]:
    return lambda record: _rank(record.get(field))


def _rank(value: Any) -> tuple[int, Decimal, str]:
    if value is None:
        return 0, Decimal(0), ""
    number = _number(value)
    return (1, number, "") if number is not None else (2, Decimal(0), str(value).casefold())


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _equal(mine: Any, theirs: Any) -> bool:
    left, right = _number(mine), _number(theirs)
    if left is not None and right is not None:
        return left == right
    return _text(mine) == _text(theirs)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "y" if value else "n"
    return "" if value is None else str(value).casefold()


def _compare(mine: Any, theirs: Any) -> int | None:
    """-1, 0 or 1, or None when a null makes the question void."""
    if mine is None or theirs is None:
        return None
    left, right = _number(mine), _number(theirs)
    if left is not None and right is not None:
        return (left > right) - (left < right)
    return (_text(mine) > _text(theirs)) - (_text(mine) < _text(theirs))


def _like(value: Any, pattern: Any) -> bool:
    parts = (re.escape(part) for part in _text(pattern).split("%"))
    return re.fullmatch(".*".join(parts), _text(value), re.DOTALL) is not None


def _accepts(prefix: str, mine: Any, wanted: Any) -> bool:
    order = _compare(mine, wanted) if prefix in (">", ">=", "<", "<=") else None
    match prefix:
        case "" | "=":
            return _equal(mine, wanted)
        case "!" | "!=":
            return not _equal(mine, wanted)
        case "@":
            return any(_equal(mine, value) for value in wanted)
        case "!@":
            return not any(_equal(mine, value) for value in wanted)
        case ">":
            return order is not None and order > 0
        case ">=":
            return order is not None and order >= 0
        case "<":
            return order is not None and order < 0
        case "<=":
            return order is not None and order <= 0
        case "%":
            return _text(wanted) in _text(mine)
        case "!%":
            return _text(wanted) not in _text(mine)
        case _:
            matches = _like(mine, wanted)
            return not matches if prefix.startswith("!") else matches
