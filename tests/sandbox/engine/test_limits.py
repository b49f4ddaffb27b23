"""The leaky bucket and the operating time, by the portal's clock (facts.md §3.1, §3.2)."""

from __future__ import annotations

import anyio
import httpx2
import pytest
from bitrix24_commerce.sandbox.clock import Clock
from bitrix24_commerce.sandbox.limits import ENTERPRISE, STANDARD, Limits, Rate

from .conftest import Caller, Connect, until

pytestmark = pytest.mark.anyio


async def statuses(call: Caller, count: int, method: str = "test.nothing") -> list[int]:
    return [(await call.post(method)).status_code for _ in range(count)]


@pytest.mark.parametrize(("rate", "burst", "a_second"), [(STANDARD, 50, 2), (ENTERPRISE, 250, 5), (Rate(1, 3), 3, 1)])
async def test_a_burst_passes_and_then_what_drains(
    connect: Connect, clock: Clock, rate: Rate, burst: int, a_second: int
):
    async with connect(clock=clock, limits=Limits(rate)) as call:
        assert await statuses(call, burst) == [200] * burst
        refused = await call.post("test.nothing")
        clock.advance(1)
        assert await statuses(call, a_second + 1) == [200] * a_second + [503]
        clock.advance(1000)
        assert await statuses(call, burst + 1) == [200] * burst + [503]
    assert refused.json() == {"error": "QUERY_LIMIT_EXCEEDED", "error_description": "Too many requests"}


async def test_by_default_nothing_is_limited(connect: Connect, clock: Clock):
    async with connect(clock=clock) as call:
        assert set(await statuses(call, 100)) == {200}


async def test_a_batch_is_one_request_and_a_refused_write_is_not_carried_out(connect: Connect, clock: Clock):
    async with connect(clock=clock, limits=Limits(Rate(1, 1))) as call:
        commands = ["test.add?fields[n]=1"] * 50
        assert len(await call.result("batch", {"cmd": commands})) == 5
        assert (await call.post("test.add", {"fields": {"n": 2}})).status_code == 503
        clock.advance(1)
        assert len(await call.result("test.notes")) == 50
        assert call.portal.journal.requests == 3


async def test_each_source_has_its_own_bucket(connect: Connect, clock: Clock):
    async with connect(clock=clock, limits=Limits(Rate(1, 1))) as call:
        elsewhere = httpx2.AsyncHTTPTransport(local_address="127.0.0.2")
        async with httpx2.AsyncClient(transport=elsewhere, base_url=call.portal.webhook_url("manager")) as other:
            assert await statuses(call, 2) == [200, 503]
            assert (await other.post("test.nothing")).status_code == 200
            assert (await other.post("test.nothing")).status_code == 503


async def test_operating_time_adds_up_per_method_and_webhook_and_leaves_the_window(connect: Connect, clock: Clock):
    seconds = {"test.nothing": 60.0, "test.page": 0.09}
    async with connect(clock=clock, profile="current", limits=Limits(operating=100), method_seconds=seconds) as call:

        async def slow(name: str = "test.nothing", client: httpx2.AsyncClient | None = None) -> httpx2.Response:
            answers: list[httpx2.Response] = []
            async with anyio.create_task_group() as tasks:

                async def send() -> None:
                    answers.append(await (client or call.http).post(name, json={}))

                tasks.start_soon(send)
                await until(lambda: clock.next_wake is not None)
                clock.advance(clock.next_wake or 0)
            return answers[0]

        first, second = (await slow()).json()["time"], (await slow()).json()["time"]
        blocked = await call.post("test.nothing")
        in_batch = await call.result("batch", {"cmd": ["test.nothing", "server.time"]})
        quick = (await slow("test.page")).json()["time"]
        async with httpx2.AsyncClient(base_url=call.portal.webhook_url("manager")) as other:
            theirs = await slow(client=other)
        clock.advance(second["operating_reset_at"] - clock.timestamp())
        freed = (await slow()).json()["time"]

    assert (first["operating"], second["operating"], quick["operating"]) == (60, 120, 0)
    assert first["duration"] == 60
    assert first["operating_reset_at"] == second["operating_reset_at"] == 1795428000 + 60 + 600
    assert blocked.status_code == 429
    assert blocked.json() == {
        "error": "OPERATION_TIME_LIMIT",
        "error_description": "Method is blocked due to operation time limit.",
    }
    assert in_batch["result_error"][0]["error"] == "OPERATION_TIME_LIMIT"
    assert theirs.status_code == 200
    assert freed["operating"] == 60
