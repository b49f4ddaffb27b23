"""A product row's fields as the portal will honour them.

A row needs a name or a product. The portal drops a discount that comes without its type, without a word, and computes
one half of a discount from the other (facts.md §7.1, §9.1). So the type is filled in where only one can be meant, and a
value that the portal would drop is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .operation import ArgumentsRefused


def writable(fields: Mapping[str, Any], where: str = "") -> dict[str, Any]:
    """The fields to send.

    Raises:
        ArgumentsRefused: A discount that the portal would drop or could not compute.

    """
    row = dict(fields)
    rate, amount, kind = row.get("discountRate"), row.get("discountSum"), row.get("discountTypeId")
    prefix = f"{where}: " if where else ""
    if kind is None and rate is not None and amount is not None:
        raise ArgumentsRefused(f"{prefix}discountRate and discountSum both given; say which counts with discountTypeId")
    if kind is None and (rate is not None or amount is not None):
        row["discountTypeId"] = 2 if rate is not None else 1
    if kind == 1 and amount is None and rate is not None:
        raise ArgumentsRefused(f"{prefix}discountTypeId 1 needs discountSum; discountRate goes with discountTypeId 2")
    if kind == 2 and rate is None and amount is not None:
        raise ArgumentsRefused(f"{prefix}discountTypeId 2 needs discountRate; discountSum goes with discountTypeId 1")
    if rate == 100 and row.get("discountTypeId") == 2 and amount is None:
        raise ArgumentsRefused(f"{prefix}a discount of 100 % needs discountSum too: the portal cannot compute it")
    return row


def check_named(fields: Mapping[str, Any], where: str = "") -> None:
    """Refuse a row that would have no name.

    Raises:
        ArgumentsRefused: Neither a product nor a name is given.

    """
    if not fields.get("productId") and not fields.get("productName"):
        prefix = f"{where}: " if where else ""
        raise ArgumentsRefused(f"{prefix}give productId or productName: a row needs one")


def all_writable(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The fields to send of all rows of an object.

    Raises:
        ArgumentsRefused: A row without a name, or with a discount that the portal would drop or could not compute.

    """
    for index, row in enumerate(rows):
        check_named(row, f"productRows.{index}")
    return [writable(row, f"productRows.{index}") for index, row in enumerate(rows)]
