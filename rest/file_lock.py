"""A lock between processes, held on a file. The system frees it when its holder dies."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

from .clock import Clock

_PAUSE = 0.05

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


async def lock_file(path: Path, *, clock: Clock, patience: float) -> int:
    """Lock the file, and give the descriptor whose closing frees it. Waits `patience` seconds at most.

    Raises:
        OSError: The file cannot be opened or locked; a TimeoutError when somebody else held it all the time.

    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = clock.now() + patience
        while not _taken(descriptor):
            if clock.now() >= deadline:
                raise TimeoutError(errno.ETIMEDOUT, "another process holds them")
            await clock.sleep(_PAUSE)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _taken(descriptor: int) -> bool:
    try:
        _take(descriptor)
    except (BlockingIOError, PermissionError):  # the one on POSIX, the other on Windows
        return False
    return True
