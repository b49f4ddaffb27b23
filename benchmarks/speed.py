"""Start-up, and what a call adds to the same HTTP request, next to the smallest server that the SDK can make."""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

import anyio
import httpx2

from .row import Row
from .sandbox_process import sandbox
from .stdio import StdioClient

_FLOOR = [sys.executable, str(Path(__file__).parent / "one_tool_server.py")]
_OURS = [str(Path(sys.executable).parent / "bitrix24-commerce-mcp")]
_STARTS, _CALLS = 9, 600


def rows() -> list[Row]:
    """Both ratios."""
    with sandbox() as webhook:
        environment = {"BITRIX24_WEBHOOK_URL": webhook, "BITRIX24_PLAN": "self-hosted"}
        return [_start(environment), anyio.run(_overhead, webhook, environment)]


def _start(environment: dict[str, str]) -> Row:
    """Median of pairs, taken in turn, so that a machine that slows down slows both."""
    pairs = [(_seconds_to_tools(_OURS, environment), _seconds_to_tools(_FLOOR, {})) for _ in range(_STARTS + 1)][1:]
    ratio = statistics.median(ours / floor for ours, floor in pairs)
    ours, floor = (statistics.median(times) * 1000 for times in zip(*pairs, strict=True))
    measured = f"{ratio:.2f} x ({ours:.0f} ms; one-tool server {floor:.0f} ms)"
    return Row("stdio start to first tools/list", measured, "1.25 x", ratio <= 1.25)


def _seconds_to_tools(command: list[str], environment: dict[str, str]) -> float:
    with StdioClient(command, environment) as client:
        client.request("tools/list", {})
        return time.perf_counter() - client.started


async def _overhead(webhook: str, environment: dict[str, str]) -> Row:
    """The three in turn, call by call. The bare request is sent as the server sends its own: by an async client."""
    through, direct, least = list[float](), list[float](), list[float]()
    with StdioClient(_OURS, environment) as ours, StdioClient(_FLOOR, {}) as floor:
        async with httpx2.AsyncClient() as bare:
            for _ in range(_CALLS):
                begin = time.perf_counter()
                ours.call("payment_get", id=1036)
                through.append(time.perf_counter() - begin)
                begin = time.perf_counter()
                (await bare.post(f"{webhook}crm.item.payment.get", json={"id": 1036})).json()
                direct.append(time.perf_counter() - begin)
                begin = time.perf_counter()
                floor.call("echo", id=1036)
                least.append(time.perf_counter() - begin)
    call, request, tool = (statistics.median(times) for times in (through, direct, least))
    ratio = (call - request) / tool
    micro = [f"{seconds * 1e6:.0f} µs" for seconds in (call - request, request, tool)]
    measured = f"{ratio:.2f} x (+{micro[0]} over bare httpx2 {micro[1]}; one-tool server {micro[2]})"
    return Row("one read through the server, above the bare request", measured, "1.25 x", ratio <= 1.25)
