"""What the columns of a list hold: how a stored value looks in an answer, and how a caller's value compares with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from .numbers import EXACT, LARGEST, MONEY, PRICE, QUANTITY, decimal, number, unscaled
from .store import SqlValue

Operand = tuple[str, SqlValue]
"""The SQL of what is compared, and the value that it is compared with."""


def _unchanged(value: object) -> object:
    return value


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a list. A caller's value that cannot be compared with it is a ValueError."""

    sql: str
    operand: Callable[[str, object], Operand]
    shown: Callable[..., object] = _unchanged
    like: str = "{}"
    """The SQL form of the column that a pattern is matched against."""


def _text(sql: str, value: object) -> Operand:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(value)
    return sql, str(value)


def _flag(sql: str, value: object) -> Operand:
    yes, no = (True, 1, "1", "Y", "y"), (False, 0, "0", "N", "n")
    return sql, "Y" if value in yes else "N" if value in no else _text(sql, value)[1]


def _units(places: int) -> Callable[[str, object], Operand]:
    def operand(sql: str, value: object) -> Operand:
        exact = decimal(value).scaleb(places, EXACT)
        if abs(exact) > LARGEST:
            return sql, LARGEST if exact > 0 else -LARGEST
        return sql, int(exact) if exact == exact.to_integral_value() else float(exact)

    return operand


def _moment(sql: str, value: object) -> Operand:
    """A moment with an offset is compared as one; without, with what the portal's clock showed."""
    if not isinstance(value, str):
        raise ValueError(value)
    moment = datetime.fromisoformat(value)
    if moment.tzinfo:
        return f"datetime({sql})", moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    return f"substr({sql}, 1, 19)", moment.isoformat() if len(value) > 10 else value


def integer(sql: str) -> Column:
    """A column of whole numbers."""
    return Column(sql, _units(0))


def text(sql: str) -> Column:
    """A column of text."""
    return Column(sql, _text)


def flag(sql: str) -> Column:
    """A column of `Y` and `N`."""
    return Column(sql, _flag)


def moment(sql: str) -> Column:
    """A column of ISO 8601 moments with the portal's offset."""
    return Column(sql, _moment)


def scaled(sql: str, places: int) -> Column:
    """A column of exact numbers with a fixed count of decimals."""

    def shown(units: int | None) -> int | float | None:
        return number(units, places)

    return Column(sql, _units(places), shown, f"({{}} / 1e{places})")


def money(sql: str) -> Column:
    """A column of sums in cents."""
    return scaled(sql, MONEY)


def price(sql: str) -> Column:
    """A column of prices with 8 decimals."""
    return scaled(sql, PRICE)


def quantity(sql: str) -> Column:
    """A column of quantities or percentages with 4 decimals."""
    return scaled(sql, QUANTITY)


def constant(value: SqlValue) -> Column:
    """A field that this portal always answers alike, and that can be filtered by all the same."""
    literal = "NULL" if value is None else f"'{value}'" if isinstance(value, str) else str(value)
    return text(literal) if value is None or isinstance(value, str) else integer(literal)


def old_style(column: Column) -> Column:
    """The same column in the old-style methods, where every value is a string: `"410"`, `"1000000.00"`."""

    def shown(stored: int | str | None) -> object:
        if column.like != "{}" and isinstance(stored, int):
            return f"{unscaled(stored, MONEY):.2f}"
        return None if stored is None else str(stored)

    return replace(column, shown=shown)
