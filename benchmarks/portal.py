"""The embedded portal with a deal of 5,000 rows, over a bare Starlette answer of the same bytes (issue 3)."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

from .row import Row
from .sandbox_process import memory_of, sandbox

_TIMES = 300


def rows() -> list[Row]:
    """A page, a write, and the memory after both."""
    with httpx2.Client() as client, sandbox("--scenario", "large") as webhook:
        deal = client.post(f"{webhook}crm.item.list", json={"entityTypeId": 2, "order": {"id": "desc"}}).json()
        owner = _with_most_rows(client, webhook, [item["id"] for item in deal["result"]["items"]])
        listing: dict[str, Any] = {"filter": {"=ownerType": "D", "=ownerId": owner}, "start": 2500}
        row = {"fields": {"ownerType": "D", "ownerId": owner, "productName": "measured", "price": 1}}
        page = _ratio(client, f"{webhook}crm.item.productrow.list", listing)
        write = _ratio(client, f"{webhook}crm.item.productrow.add", row)
        megabytes = memory_of(webhook)
    return [
        Row("page of the 5,000-row deal", f"{page:.1f} x", "10 x", page <= 10),
        Row("row added to it", f"{write:.1f} x", "25 x", write <= 25),
        Row("memory of the process", f"{megabytes:.0f} MB", "150 MB", megabytes <= 150),
    ]


def _with_most_rows(client: httpx2.Client, webhook: str, deals: list[int]) -> int:
    def total(deal: int) -> int:
        filter = {"=ownerType": "D", "=ownerId": deal}
        return client.post(f"{webhook}crm.item.productrow.list", json={"filter": filter}).json()["total"]

    return max(deals, key=total)


def _ratio(client: httpx2.Client, url: str, body: dict[str, Any]) -> float:
    """The portal's answer over a bare one of the same bytes, in turn."""
    answer = client.post(url, json=body).content
    with _bare(answer) as floor:
        ours, least = list[float](), list[float]()
        for _ in range(_TIMES):
            ours.append(_seconds(lambda: client.post(url, json=body)))
            least.append(_seconds(lambda: client.post(floor, json=body)))
    return statistics.median(ours) / statistics.median(least)


def _seconds(call: Callable[[], object]) -> float:
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


@contextmanager
def _bare(answer: bytes) -> Generator[str]:
    with tempfile.NamedTemporaryFile() as file:
        file.write(answer)
        file.flush()
        command = [sys.executable, str(Path(__file__).parent / "bare_server.py"), file.name]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            try:
                yield f"http://127.0.0.1:{process.stdout.readline().strip()}/"
            finally:
                process.terminate()
