"""The two generations of the API that a portal can follow (facts.md §0)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """How one generation of the API answers, where the two differ."""

    name: str
    integer_codes: bool
    """Error codes of digits as JSON numbers, and "Insufficient permissions" with `0` in the payment family."""
    price_decimals: int
    """2: rounded half-up at each step. 8: rounded once, at the end."""
    restricted_list_filter: bool
    """`crm.item.productrow.list` keeps conditions on `id` and `productId` and ignores all others without a word."""
    tax_names: bool
    operating_time: bool


CLASSIC = Profile("classic", True, 2, False, False, False)
CURRENT = Profile("current", False, 8, True, True, True)
PROFILES = {profile.name: profile for profile in (CLASSIC, CURRENT)}
