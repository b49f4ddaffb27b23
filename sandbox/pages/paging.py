"""Long lists in pages: which part of a list a page shows, and what its neighbours are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from starlette.requests import Request


@dataclass(frozen=True, slots=True)
class Part:
    """One page of a list."""

    number: int
    """From 1."""
    count: int
    """Pages that there are; at least 1."""
    size: int
    query: dict[str, str]
    """What else stands in the address."""

    @property
    def offset(self) -> int:
        """Records before this page's first."""
        return (self.number - 1) * self.size

    def address(self, number: int) -> str:
        """Give the address of another page."""
        return "?" + urlencode({**self.query, "page": number})


def part(request: Request, total: int, size: int, **query: str) -> Part:
    """Give the page that the address asks for: the nearest that there is, and the first for what is no number."""
    count = max(1, -(-total // size))
    asked = request.query_params.get("page", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 1
    return Part(min(max(number, 1), count), count, size, {name: value for name, value in query.items() if value})
