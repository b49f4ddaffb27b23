"""What a portal is filled with, by name."""

from __future__ import annotations

from collections.abc import Callable

from .large import add_many_deals
from .shop import furnish, open_shop
from .store import Store


def _empty(store: Store) -> None:
    furnish(store)


def _shop(store: Store) -> None:
    furnish(store)
    open_shop(store)


def _large(store: Store) -> None:
    _shop(store)
    add_many_deals(store)


SCENARIOS: dict[str, Callable[[Store], None]] = {"empty": _empty, "shop": _shop, "large": _large}
"""`empty` has no products, customers or deals; `large` is the shop with 10,000 deals more and one of 5,000 rows."""


def load(store: Store, name: str, seed: int = 0) -> None:
    """Fill an emptied store. The addresses of payment pages are drawn from the seed. An unknown name is a KeyError."""
    fill = SCENARIOS[name]
    with store.transaction():
        store.remember("payment_links", f"{seed} payment links")
        fill(store)
