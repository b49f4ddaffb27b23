"""What a portal's plan allows (facts.md §3.1, §3.2)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How often a portal may be called, and how long a method may work."""

    burst: int = 50
    """Requests at once. Without `per_second`: how many we let run side by side."""
    per_second: float | None = 2.0
    """Requests in the long run. None: as many as there are."""
    operating_seconds: float | None = 480.0
    """What one method may use in ten minutes for one webhook or application. None: not limited."""


STANDARD = Limits()
ENTERPRISE = Limits(burst=250, per_second=5.0)
SELF_HOSTED = Limits(per_second=None, operating_seconds=None)
