"""Text for a model that pays for every token: one header line, then a line per record, cells separated by tabs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal

from ..rest.numbers import plain


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
    """The records as lines. A column in which every cell is empty is left out."""
    rows = [[cell(value) for value in record] for record in records]
    kept = [index for index in range(len(header)) if any(row[index] not in ("", "-") for row in rows)]
    return "\n".join("\t".join(row[index] for index in kept) for row in [list(header), *rows])
