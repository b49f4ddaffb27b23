"""How fast many reads are, and how many requests they take, on a portal that allows 50 at once and then 2 a second."""

from __future__ import annotations

import statistics
import time
import warnings
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import httpx2
from bitrix24_commerce.rest import Portal, Webhook, WebhookCredentials, connect
from bitrix24_commerce.rest.bucket import Bucket
from bitrix24_commerce.rest.clock import SystemClock
from bitrix24_commerce.rest.limits import SELF_HOSTED, STANDARD, Limits
from bitrix24_commerce.rest.pacing import patience

from tests.rest.paced import DEAL, PAYMENTS, Paced, at_once, paced
from tests.virtual_time import VIRTUAL_TIME

from .limited_portal import LimitedPortal, limited_portal
from .peers import PEERS
from .row import Row

_ROWS = "crm.item.productrow.list"
_WIDEST = {"filter": {"=ownerType": "D", "=ownerId": 30001}}
_IN_A_ROW = 500


def rows() -> list[Row]:
    """All figures."""
    return [
        _sixty(),
        _sixty_apart(0.001),
        _sixty_apart(0.005),
        _five_hundred(),
        _long_list(),
        _long_list_from_an_empty_bucket(),
        _in_a_row(),
    ]


def _read(above: int) -> dict[str, Any]:
    """The parameters of a read that differs from others."""
    return {"entityId": DEAL, "entityTypeId": 2, "filter": {">id": above}}


def _ours(portal: LimitedPortal, work: Callable[[Portal], Awaitable[object]], limits: Limits = STANDARD) -> float:
    """The seconds that our client takes, once its connection is open."""

    async def run() -> float:
        async with connect(WebhookCredentials(Webhook.parse(portal.webhook)), limits=limits) as client:
            await client.call("server.time", {})
            portal.tally()
            begin = time.perf_counter()
            await work(client)
            return time.perf_counter() - begin

    return anyio.run(run)


def _theirs(portal: LimitedPortal, work: Callable[[Any], int], expected: int) -> tuple[list[float], str]:
    """What the other clients take for the same, and how that is told."""
    seconds: list[float] = []
    told: list[str] = []
    for peer in PEERS:
        portal.tally()
        begin = time.perf_counter()
        try:
            with warnings.catch_warnings(action="ignore"):
                found = work(peer)
        except Exception as error:
            told.append(f"{peer.name} cannot do it: {type(error).__name__}: {error}")
            continue
        seconds.append(time.perf_counter() - begin)
        requests, refused = portal.tally()
        told.append(f"{peer.name} {seconds[-1]:.2f} s, {requests} requests, {refused} refused")
        if found != expected:
            told[-1] += f", but {found} of {expected} results"
    return seconds, "; ".join(told)


def _sixty() -> Row:
    calls = [_read(above) for above in range(60)]
    with limited_portal() as portal:
        single = _ours(portal, lambda client: client.call(PAYMENTS, calls[0]))
        together = _ours(
            portal, lambda client: at_once([lambda call=call: client.call(PAYMENTS, call) for call in calls])
        )
        requests, refused = portal.tally()
        _, told = _theirs(portal, lambda peer: peer.read_each(portal, PAYMENTS, calls), len(calls))
    within = requests <= 25 and not refused and together <= 10 * single
    measured = f"{requests} requests, {refused} refused, {together / single:.1f} x ({together:.2f} s; {told})"
    return Row("60 reads at once, 100 ms each", measured, "25 requests, none refused, 10 x a single one", within)


def _sixty_apart(seconds: float) -> Row:
    async def late(client: Paced, index: int) -> None:
        await anyio.sleep(seconds * index)
        await client.payments(index)

    async def read(client: Paced) -> None:
        await at_once([lambda index=index: late(client, index) for index in range(60)])

    single, _, _ = _simulated(lambda client: client.payments())
    together, requests, refused = _simulated(read)
    within = requests <= 25 and not refused and together <= 10 * single
    measured = f"{requests} requests, {refused} refused, {together / single:.1f} x ({together:.2f} s)"
    what = f"60 reads {seconds * 1000:.0f} ms apart, simulated time"
    return Row(what, measured, "25 requests, none refused, 10 x a single one", within)


def _five_hundred() -> Row:
    async def together(client: Paced) -> None:
        await at_once([lambda above=above: client.payments(above) for above in range(500)])

    async def each_by_itself(client: Paced) -> None:
        with patience(1000):
            await at_once([lambda above=above: client.pacing.send(PAYMENTS, _read(above)) for above in range(500)])

    ours, requests, refused = _simulated(together)
    singly, _, _ = _simulated(each_by_itself)
    measured = f"{ours:.1f} s in {requests} requests, {refused} refused; singly {singly:.1f} s: 1/{singly / ours:.0f}"
    return Row("500 reads at once, simulated time", measured, "none refused, 1/20", not refused and ours <= singly / 20)


def _long_list() -> Row:
    with limited_portal(scenario="large") as portal:
        ours = _ours(portal, lambda client: client.pages(_ROWS, _WIDEST, "productRows"))
        requests, refused = portal.tally()
        theirs, told = _theirs(portal, lambda peer: peer.read_list(portal, _ROWS, _WIDEST), 5000)
    times = min(theirs, default=0.0) / ours
    measured = f"{requests} requests, {refused} refused, {ours:.2f} s: {times:.1f} x as fast ({told})"
    within = requests <= 26 and not refused and len(theirs) == len(PEERS) and times >= 5
    return Row("5,000 rows of one deal, full bucket", measured, "26 requests, 5 x as fast as both", within)


def _long_list_from_an_empty_bucket() -> Row:
    async def read(client: Paced) -> None:
        await client.empty_the_bucket()
        found = await client.portal.pages(_ROWS, _WIDEST, "productRows")
        assert len(found) == 5000

    _, requests, refused = _simulated(read, scenario="large")
    measured = f"{requests} requests, {refused} refused"
    return Row("5,000 rows of one deal, empty bucket", measured, "3 requests", requests == 3 and not refused)


def _in_a_row() -> Row:
    async def ours(client: Paced) -> None:
        for _ in range(_IN_A_ROW):
            await client.payments()

    async def bare(client: Paced) -> None:
        bucket = Bucket(STANDARD, SystemClock())
        async with httpx2.AsyncClient() as http:
            for _ in range(_IN_A_ROW):
                await bucket.take()
                (await http.post(client.sandbox.webhook_url() + PAYMENTS, json=_read(0))).json()

    (through, _, refused), (direct, _, _) = _simulated(ours), _simulated(bare)
    measured = f"{through:.2f} s, {refused} refused; bare httpx2 {direct:.2f} s; {_layers()}"
    return Row("500 reads in a row, simulated time", measured, "bare httpx2", not refused and through <= direct + 1e-6)


def _layers() -> str:
    """What all layers cost in real time, where no limit makes anybody wait."""

    async def both(portal: LimitedPortal) -> tuple[float, float]:
        async with (
            connect(WebhookCredentials(Webhook.parse(portal.webhook)), limits=SELF_HOSTED) as client,
            httpx2.AsyncClient() as http,
        ):
            ours = await _median(lambda: client.call(PAYMENTS, _read(0)))
            return ours, await _median(lambda: http.post(portal.webhook + PAYMENTS, json=_read(0)))

    with limited_portal(seconds=0.0, limited=False) as portal:
        ours, bare = anyio.run(both, portal)
    return f"without limits in real time {ours * 1e6:.0f} µs a call, bare {bare * 1e6:.0f} µs"


async def _median(call: Callable[[], Awaitable[object]]) -> float:
    seconds: list[float] = []
    for _ in range(_IN_A_ROW):
        begin = time.perf_counter()
        await call()
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds)


def _simulated(work: Callable[[Paced], Awaitable[object]], **options: Any) -> tuple[float, int, int]:
    """The simulated seconds that some work takes, its requests, and how many of them were refused."""

    async def run() -> tuple[float, int, int]:
        async with paced(**options) as client:
            begin = anyio.current_time()
            await work(client)
            seconds = anyio.current_time() - begin
            return seconds, len(client.requests), client.refused

    backend, options_of_backend = VIRTUAL_TIME
    return anyio.run(run, backend=backend, backend_options=options_of_backend)
