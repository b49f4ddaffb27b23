"""The price formulas, against the figures of the documentation and of facts.md §9.1."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from bitrix24_commerce.sandbox.prices import ABSOLUTE, PERCENT, derive

from .conftest import OpenDesk

VECTORS = [
    # profile, price, tax, type, rate, sum -> exclusive, discount sum, discount rate, netto, brutto
    ("classic", "80000", "20", PERCENT, "20", "0", "66666.67", "16666.67", "20", "83333.34", "100000.01"),
    (
        "current",
        "80000",
        "20",
        PERCENT,
        "20",
        "0",
        "66666.66666667",
        "16666.66666667",
        "20",
        "83333.33333333",
        "100000",
    ),
    ("classic", "90000", "10", PERCENT, "10", "0", "81818.18", "9090.91", "10", "90909.09", "100000"),
    ("current", "90000", "10", PERCENT, "10", "0", "81818.18181818", "9090.90909091", "10", "90909.09090909", "100000"),
    ("classic", "79999", None, PERCENT, "0", "0", "79999", "0", "0", "79999", "79999"),
    ("current", "79999", None, PERCENT, "0", "0", "79999", "0", "0", "79999", "79999"),
    ("classic", "90", "20", ABSOLUTE, "0", "10", "75", "10", "11.76", "85", "102"),
    ("current", "90", "20", ABSOLUTE, "0", "10", "75", "10", "11.7647", "85", "102"),
    ("classic", "100", None, ABSOLUTE, "0", "25", "100", "25", "20", "125", "125"),
    ("current", "100", None, ABSOLUTE, "0", "25", "100", "25", "20", "125", "125"),
    ("classic", "33.33", "20", PERCENT, "15", "0", "27.78", "4.90", "15", "32.68", "39.22"),
    ("classic", "0", None, PERCENT, "100", "50", "0", "50", "100", "50", "50"),
    ("current", "0", None, ABSOLUTE, "0", "0", "0", "0", "0", "0", "0"),
]


@pytest.mark.parametrize("vector", VECTORS)
def test_the_formulas(vector: tuple[Any, ...]):
    profile, price, tax, type, rate, total, *expected = vector
    prices = derive(
        Decimal(price),
        None if tax is None else Decimal(tax),
        type,
        Decimal(rate),
        Decimal(total),
        decimals=2 if profile == "classic" else 8,
    )
    found = [prices.exclusive, prices.discount_sum, prices.discount_rate, prices.netto, prices.brutto]
    assert found == [Decimal(figure) for figure in expected]


@pytest.mark.anyio
@pytest.mark.parametrize("vector", [vector for vector in VECTORS if vector[4] != "100"])
async def test_an_added_row_has_these_prices(open_desk: OpenDesk, vector: tuple[Any, ...]):
    profile, price, tax, type, rate, total, *expected = vector
    discount = {"discountRate": float(rate)} if type == PERCENT else {"discountSum": float(total)}
    row = await open_desk(profile=profile).add_row(
        13145, price=float(price), taxRate=tax, discountTypeId=type, **discount
    )
    names = ("priceExclusive", "discountSum", "discountRate", "priceNetto", "priceBrutto")
    assert [row[name] for name in names] == [float(figure) for figure in expected]


@pytest.mark.anyio
async def test_whole_numbers_have_no_decimal_point(open_desk: OpenDesk):
    row = await open_desk().add_row(13145, price=80000.0, quantity="2.0")
    assert (repr(row["price"]), repr(row["quantity"])) == ("80000", "2")
