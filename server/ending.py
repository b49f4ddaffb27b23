"""How a server that is told to stop ends: once the writes that were under way have been followed up."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import anyio

from ..rest import Portal

_INTERRUPTED = 130


def like_ctrl_c(number: int, frame: object) -> None:
    """Hosts end a server with SIGTERM: it shall leave a write under way no less clear than Ctrl-C does."""
    signal.raise_signal(signal.SIGINT)


def ending_with(
    open_portal: Callable[[], AbstractAsyncContextManager[Portal]],
) -> Callable[[], AbstractAsyncContextManager[Portal]]:
    """The portal, whose end is the process's when the server was interrupted.

    Calls have been cancelled and their writes followed up by then, but the thread that reads standard input cannot be
    cancelled: without this the process would stay until its host closes the pipe.
    """

    @asynccontextmanager
    async def opened() -> AsyncGenerator[Portal]:
        try:
            async with open_portal() as portal:
                yield portal
        except anyio.get_cancelled_exc_class():
            sys.stderr.flush()
            os._exit(_INTERRUPTED)

    return opened
