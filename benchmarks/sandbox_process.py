"""The embedded portal in a process of its own, so that it takes no time from what is measured."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

_processes: dict[str, int] = {}


@contextmanager
def sandbox(*options: str) -> Generator[str]:
    """Give the webhook address of a portal that runs as long as the block."""
    command = [str(Path(sys.executable).parent / "bitrix24-commerce-mcp"), "sandbox", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            lines = (line.strip() for line in process.stdout)
            webhook = next(line.partition("=")[2] for line in lines if line.startswith("BITRIX24_WEBHOOK_URL="))
            _processes[webhook] = process.pid
            yield webhook
        finally:
            process.terminate()


def memory_of(webhook: str) -> float:
    """The most memory that the portal's process has held so far, in MB (Linux)."""
    status = Path(f"/proc/{_processes[webhook]}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))) / 1024
