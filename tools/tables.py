"""Text for a model that pays for every token: one header line, then a line per record, cells separated by tabs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal

from ..rest.numbers import plain

_MANY = 3
"""From so many rows on, a column with one value is said once."""


def cell(value: object) -> str:
    """A value in one cell. Text from the portal stays on its line: control characters are escaped."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "Y" if value else "N"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return line(str(value))


def line(text: str) -> str:
    """Text from the portal on one line."""
    return text if text.isprintable() else "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


def table(header: Sequence[str], records: Iterable[Sequence[object]]) -> str:
    """The records as lines. An empty column is left out; one with the same value throughout is said once, above."""
    rows = [[cell(value) for value in record] for record in records]
    columns = {name: [row[index] for row in rows] for index, name in enumerate(header)}
    columns = {name: cells for name, cells in columns.items() if any(each not in ("", "-") for each in cells)}
    same = {name: cells[0] for name, cells in columns.items() if len(rows) >= _MANY and len(set(cells)) == 1}
    columns = {name: cells for name, cells in columns.items() if name not in same}
    lines = ["\t".join(cells) for cells in zip(*columns.values(), strict=True)] if columns else []
    all_alike = [f"all: {', '.join(f'{name} {value}' for name, value in same.items())}"] if same else []
    return "\n".join([*all_alike, "\t".join(columns), *lines])
