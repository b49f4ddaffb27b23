"""A small file that only its owner reads, and that is never half written."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


class PrivateFile:
    """A text in a file of mode 0600."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> str | None:
        """The text; None when there is no file.

        Raises:
            OSError: The file cannot be read.

        """
        try:
            return self._path.read_text("utf-8")
        except FileNotFoundError:
            return None

    def write(self, text: str) -> None:
        """Replace the file in one step: whoever reads it, even after a power cut, finds the old text or the new.

        Raises:
            OSError: It cannot be written; the old text stays.

        """
        descriptor, name = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}.")  # of mode 0600
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(descriptor)
            Path(name).replace(self._path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        if os.name == "posix":
            _sync(self._path.parent)


def _sync(folder: Path) -> None:
    """Make the new name durable too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
