"""What happens while a call is under way: as MCP progress for the host, and as a line of the answer for the model."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

_STEP = 0.001
"""Progress has to grow, also while nothing but waiting goes on."""


class Progress:
    """Takes the client's reports. `notes` are those that are not about how much is done."""

    def __init__(self, send: Callable[[float, float | None, str | None], Awaitable[None]]) -> None:
        self._send = send
        self._last = 0.0
        self.notes: list[str] = []

    async def __call__(self, done: float, total: float | None, message: str) -> None:
        """Pass a report on."""
        if total is None and message not in self.notes:
            self.notes.append(message)
        self._last = max(done, self._last + _STEP)
        await self._send(self._last, total, message)

    def appended_to(self, text: str) -> str:
        """A text with what the model should know of the way to it."""
        return "\n".join([text, *(f"({note}.)" for note in self.notes)])
