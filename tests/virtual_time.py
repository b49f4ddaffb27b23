"""Time that passes only when everybody waits: hours of waiting in a blink, and the same course of events each time."""

from __future__ import annotations

import asyncio
import selectors
from typing import Any

from bitrix24_commerce.sandbox.clock import Clock

_IN_TRANSIT = 0.001
"""Real seconds that bytes may be under way from one socket of this process to another."""
_OWN_SOCKETS = 1
"""The event loop wakes itself through one."""
_EPOCH = 1_795_000_000.0


class _Selector(selectors.DefaultSelector):
    """Waits for sockets only briefly; where nothing comes, the time that would have been waited has passed."""

    passed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            return super().select()
        ready = super().select(0)
        if not ready and timeout > 0 and len(self.get_map()) > _OWN_SOCKETS:
            ready = super().select(_IN_TRANSIT)
        if not ready:
            self.passed += max(0.0, timeout)
        return ready


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """An event loop whose timers are due as soon as nothing else is to be done, for client and portal together."""

    def __init__(self) -> None:
        self._virtual = _Selector()
        super().__init__(self._virtual)

    def time(self) -> float:
        return self._virtual.passed


VIRTUAL_TIME: tuple[str, dict[str, Any]] = ("asyncio", {"loop_factory": VirtualTimeLoop})
"""The backend for `anyio.run` and for the `anyio_backend` fixture."""


class LoopClock(Clock):
    """The portal's clock, going by the event loop's time."""

    def timestamp(self) -> float:
        return _EPOCH + asyncio.get_running_loop().time()
