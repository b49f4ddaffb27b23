"""How the client tells whoever made a call that it takes longer, and why.

The caller sets a reporter for its own task; policies call `report`. Without a reporter nothing happens.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar

Reporter = Callable[[float, float | None, str], Awaitable[None]]
"""Takes what is done, of how much (None: unknown), and a sentence."""

_reporter: ContextVar[Reporter | None] = ContextVar("reporter", default=None)


@contextmanager
def reporting(reporter: Reporter) -> Generator[None]:
    """Calls made inside the block report to `reporter`."""
    token = _reporter.set(reporter)
    try:
        yield
    finally:
        _reporter.reset(token)


async def report(done: float, total: float | None, message: str) -> None:
    """Tell the caller how far a call is."""
    reporter = _reporter.get()
    if reporter is not None:
        await reporter(done, total, message)
