"""The portal's clock stands, is moved, and wakes who sleeps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import anyio
import pytest
from bitrix24_commerce.sandbox.clock import Clock

from .conftest import Connect, until

pytestmark = pytest.mark.anyio


def test_it_tells_the_time_with_its_offset(clock: Clock):
    assert clock.now().isoformat() == "2026-11-23T12:00:00+02:00"
    clock.set(datetime(2027, 1, 1, 12))
    assert clock.timestamp() == datetime(2027, 1, 1, 10, tzinfo=UTC).timestamp()
    assert Clock(datetime(2027, 1, 1, tzinfo=UTC), offset=timedelta(hours=-5)).now().hour == 19


def test_a_running_clock_may_be_set_and_advanced():
    clock = Clock()
    clock.set(datetime(2030, 1, 1, tzinfo=UTC))
    clock.advance(3600)
    assert clock.now().astimezone(UTC).strftime("%Y-%m-%d %H") == "2030-01-01 01"


@pytest.mark.parametrize("moment", [datetime(1, 1, 1), datetime(9999, 12, 31)])
def test_a_time_that_no_portal_has_is_refused(clock: Clock, moment: datetime):
    with pytest.raises(ValueError, match="no time for a portal"):
        clock.set(moment)


async def test_sleepers_wake_in_time(clock: Clock):
    awake: list[int] = []

    async def sleep(seconds: int) -> None:
        await clock.sleep(seconds)
        awake.append(seconds)

    async with anyio.create_task_group() as tasks:
        for seconds in (30, 10, 20):
            tasks.start_soon(sleep, seconds)
        await anyio.wait_all_tasks_blocked()
        assert clock.next_wake == 10
        for step, expected in ((9, []), (1, [10]), (15, [10, 20]), (100, [10, 20, 30])):
            clock.advance(step)
            await anyio.wait_all_tasks_blocked()
            assert awake == expected
    assert clock.next_wake is None


async def test_a_slow_method_takes_portal_time_while_others_are_answered(connect: Connect, clock: Clock):
    async with connect(clock=clock, method_seconds={"test.add": 10}) as call, anyio.create_task_group() as tasks:
        tasks.start_soon(call.result, "test.add", {"fields": {"n": 1}})
        await until(lambda: clock.next_wake is not None)
        assert await call.result("test.notes") == []
        clock.advance(10)
        await until(lambda: call.portal.call("test.notes"))


async def test_a_batch_takes_the_sum_of_its_commands(connect: Connect):
    async with connect(method_seconds=0.05) as call:
        answer = await call("batch", {"cmd": {"a": "test.page", "b": "test.nothing", "c": "test.types"}})
    assert answer["result"]["result_time"]["b"]["duration"] >= 0.05
    assert 0.1 <= answer["time"]["duration"] < 1


async def test_bad_arguments_cost_no_time(connect: Connect, clock: Clock):
    async with connect(clock=clock, method_seconds=100) as call:
        assert (await call("test.types"))["error"] == 100


async def test_stopping_the_portal_drops_the_calls_that_wait(connect: Connect, clock: Clock):
    failures: list[str] = []

    async with anyio.create_task_group() as tasks:
        async with connect(clock=clock, method_seconds=100) as call:

            async def send() -> None:
                try:
                    await call.post("test.add", {"fields": {"n": 1}})
                except Exception as error:
                    failures.append(type(error).__name__)

            tasks.start_soon(send)
            await until(lambda: clock.next_wake is not None)
            portal = call.portal
        assert portal.ledger == []
    assert failures
