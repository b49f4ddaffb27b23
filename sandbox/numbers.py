"""Exact numbers: JSON's numbers and numeric strings to whole numbers of a fixed scale, and back."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal

PRICE = 8
QUANTITY = 4
RATE = 4
AMOUNT = 6
MONEY = 2

EXACT = Context(prec=80, rounding=ROUND_HALF_UP)
LARGEST = 2**63 - 1
NUMERIC = re.compile(r"[+-]?(\d{1,400}\.?\d{0,400}|\.\d{1,400})([eE][+-]?\d{1,3})?", re.ASCII)


def decimal(value: object) -> Decimal:
    """Return a JSON number or a numeric string exactly as it is written. Anything else is a ValueError."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"not a number: {value!r}")
    if isinstance(value, int):
        return Decimal(value)
    written = repr(value) if isinstance(value, float) else value.strip()
    if not NUMERIC.fullmatch(written):
        raise ValueError(f"not a number: {value!r}")
    return Decimal(written)


def whole(value: object) -> int:
    """Return an integer, also from `"5"` and `5.0`. A fraction is a ValueError, more than 64 bits an OverflowError."""
    exact = decimal(value)
    if abs(exact) > LARGEST:
        raise OverflowError(f"too large: {value!r}")
    if exact != exact.to_integral_value():
        raise ValueError(f"not a whole number: {value!r}")
    return int(exact)


def scaled(value: object, places: int) -> int:
    """Return a number in units of 10^-places, rounded half-up. More than 64 bits is an OverflowError."""
    exact = decimal(value)
    if abs(exact) > LARGEST:
        raise OverflowError(f"too large: {value!r}")
    units = int(exact.scaleb(places, EXACT).quantize(Decimal(1), context=EXACT))
    if abs(units) > LARGEST:
        raise OverflowError(f"too large: {value!r}")
    return units


def rounded(value: Decimal, places: int) -> Decimal:
    """Round half-up to a number of decimals."""
    return value.quantize(Decimal(1).scaleb(-places), context=EXACT)


def unscaled(units: int, places: int) -> Decimal:
    """Return the exact number behind a stored one."""
    return Decimal(units).scaleb(-places, EXACT)


def number(units: int | None, places: int) -> int | float | None:
    """Return a stored number as JSON shows it: 80000 rather than 80000.0."""
    if units is None:
        return None
    quotient, rest = divmod(units, 10**places)
    return units / 10**places if rest else quotient
