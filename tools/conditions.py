"""The part of a request that a list's conditions, order and page make up."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ..rest.filters import parse_filter, parse_order


def conditions(
    fields: Collection[str], filter: Mapping[str, Any] | None, order: Mapping[str, str] | None, start: int = 0
) -> dict[str, Any]:
    """`filter`, `order` and `start`, as far as they were given and name these fields.

    Raises:
        InvalidFilter: A condition or order that no portal could honour.

    """
    asked: dict[str, Any] = {}
    if filter:
        asked["filter"] = {each.key: each.value for each in parse_filter(filter, fields)}
    if order:
        asked["order"] = parse_order(order, fields)
    if start:
        asked["start"] = start
    return asked
