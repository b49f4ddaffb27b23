"""How stored numbers and times look on a page: `1,250.00`, `2.5`, `28 May 2024, 10:05`."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from markupsafe import Markup

from ..numbers import AMOUNT, MONEY, PRICE, QUANTITY, rounded, unscaled


def money(cents: int) -> str:
    """Write a sum that is stored in cents."""
    return f"{unscaled(cents, MONEY):,.2f}"


def amount(millionths: int) -> str:
    """Write the amount of a product row, rounded to cents."""
    return f"{rounded(unscaled(millionths, AMOUNT), MONEY):,.2f}"


def price(units: int) -> str:
    """Write a price with two decimals, or with as many of its eight as it has."""
    whole, _, decimals = f"{unscaled(units, PRICE):,.{PRICE}f}".partition(".")
    return f"{whole}.{decimals.rstrip('0'):0<2}"


def quantity(units: int) -> str:
    """Write a quantity or a percentage with the decimals that it has."""
    return f"{unscaled(units, QUANTITY):,.{QUANTITY}f}".rstrip("0").rstrip(".")


def duration(seconds: float) -> str:
    """Write how long a call took."""
    return f"{seconds:.1f} s" if seconds >= 1 else f"{Decimal(str(seconds)) * 1000:.0f} ms"


def day(written: str) -> Markup:
    """Write the day of a stored time."""
    return Markup('<time datetime="{}">{}</time>').format(written, _day(written))


def moment(written: str) -> Markup:
    """Write a stored time as people read it, in the portal's zone."""
    time = f"{datetime.fromisoformat(written):%H:%M}"
    return Markup('<time datetime="{}">{}, {}</time>').format(written, _day(written), time)


def _day(written: str) -> str:
    time = datetime.fromisoformat(written)
    return f"{time.day} {time:%b %Y}"
