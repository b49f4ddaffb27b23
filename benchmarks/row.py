"""One line of the benchmarks' table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured, and the budget that it is held against."""

    what: str
    measured: str
    limit: str
    within: bool
