"""Money and quantities: `Decimal` inside, JSON numbers at the edge, never a binary float in between."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema


def json_number(value: Decimal) -> int | float:
    """The JSON number of a decimal: an integer when it is one, otherwise the shortest float that reads back equal."""
    return int(value) if value == value.to_integral_value() else float(str(value))


def _exact(value: object) -> object:
    """A float goes through its shortest text, so that 0.1 is 0.1."""
    return str(value) if isinstance(value, float) else value


Number = Annotated[
    Decimal,
    BeforeValidator(_exact),
    PlainSerializer(json_number, return_type=int | float, when_used="json"),
    WithJsonSchema({"type": "number"}),
]
"""A JSON number, or a string that holds one, read as `Decimal`. Money is in the currency of the owner object."""


def plain(value: Decimal) -> str:
    """How a person writes the number: no exponent, no trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(value: Decimal, currency: str = "") -> str:
    """An amount with two decimals (more when it has more), and its ISO 4217 currency code."""
    exponent = value.normalize().as_tuple().exponent
    decimals = max(2, -exponent if isinstance(exponent, int) else 2)
    return f"{value:.{decimals}f} {currency}".rstrip()
