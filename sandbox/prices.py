"""How the portal computes the other prices of a product row backwards from its final price (facts.md §9.1)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext

from .numbers import EXACT, rounded

ABSOLUTE = 1
PERCENT = 2


@dataclass(frozen=True, slots=True)
class Prices:
    """The derived prices of one unit, in the owner's currency, and its discount in both forms."""

    exclusive: Decimal
    """With the discount, without the tax."""
    netto: Decimal
    """Without both."""
    brutto: Decimal
    """Without the discount, with the tax."""
    discount_rate: Decimal
    discount_sum: Decimal


def derive(
    price: Decimal,
    tax_rate: Decimal | None,
    discount_type: int,
    discount_rate: Decimal,
    discount_sum: Decimal,
    *,
    decimals: int,
) -> Prices:
    """Return the derived prices: with 2 decimals every step is rounded half-up, with 8 only the results are.

    An absolute discount determines the rate, a percentage the sum; at 100 % the sum is the one given.
    """
    with localcontext(EXACT):
        stepwise = decimals == 2

        def step(value: Decimal) -> Decimal:
            return rounded(value, decimals) if stepwise else value

        tax = 1 + (tax_rate or 0) / Decimal(100)
        exclusive = step(price / tax)
        if discount_type == ABSOLUTE:
            undiscounted = exclusive + discount_sum
            discount_rate = 100 * discount_sum / undiscounted if undiscounted else Decimal(0)
        elif discount_rate != 100:
            discount_sum = step(exclusive * 100 / (100 - discount_rate) - exclusive)
        netto = step(exclusive + discount_sum)
        brutto = step(netto * tax)
        return Prices(
            exclusive=rounded(exclusive, decimals),
            netto=rounded(netto, decimals),
            brutto=rounded(brutto, decimals),
            discount_rate=rounded(discount_rate, 2 if stepwise else 4),
            discount_sum=rounded(discount_sum, decimals),
        )
