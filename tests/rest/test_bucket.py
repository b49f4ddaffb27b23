"""The request limit as the client counts it, judged by the sandbox's own count."""

from __future__ import annotations

from random import Random

import anyio
import pytest
from bitrix24_commerce.rest.bucket import Bucket
from bitrix24_commerce.rest.clock import SystemClock
from bitrix24_commerce.rest.limits import ENTERPRISE, SELF_HOSTED, STANDARD, Limits
from bitrix24_commerce.sandbox import limits as allowed

from tests.virtual_time import VIRTUAL_TIME

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> object:
    return VIRTUAL_TIME


def bucket(limits: Limits = STANDARD) -> Bucket:
    return Bucket(limits, SystemClock())


async def sent_at(bucket: Bucket, requests: int) -> list[float]:
    """When each of some requests goes that come at the same moment."""
    moments: list[float] = []
    for _ in range(requests):
        await bucket.take()
        moments.append(anyio.current_time())
    return moments


async def test_a_burst_goes_at_once_and_the_rest_at_the_rate_of_the_plan() -> None:
    moments = await sent_at(bucket(), 53)
    assert moments[:49] == [0.0] * 49
    assert moments[49:] == pytest.approx([0.25, 0.75, 1.25, 1.75])


async def test_an_enterprise_portal_takes_more() -> None:
    moments = await sent_at(bucket(ENTERPRISE), 253)
    assert moments.count(0.0) == 248
    assert moments[-1] - moments[-2] == pytest.approx(0.2)


async def test_a_self_hosted_portal_is_not_limited() -> None:
    assert await sent_at(bucket(SELF_HOSTED), 1000) == [0.0] * 1000


async def test_it_knows_how_much_room_there_is() -> None:
    one = bucket()
    assert one.room == 49.5
    await sent_at(one, 10)
    assert one.room == 39.5
    await anyio.sleep(3)
    assert one.room == pytest.approx(45.5)
    await anyio.sleep(30)
    assert one.room == 49.5


async def test_places_go_in_order_of_arrival_and_who_gives_up_costs_nobody_a_place() -> None:
    one = bucket()
    await sent_at(one, 49)
    served: list[tuple[str, float]] = []

    async def ask(name: str, patience: float = 100) -> None:
        with anyio.move_on_after(patience):
            await one.take()
            served.append((name, anyio.current_time()))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ask, "first")
        tasks.start_soon(ask, "impatient", 0.5)
        tasks.start_soon(ask, "impatient at the head", 0.2)
        tasks.start_soon(ask, "second")
        tasks.start_soon(ask, "third")
    assert [name for name, _ in served] == ["first", "second", "third"]
    assert [moment for _, moment in served] == pytest.approx([0.25, 0.75, 1.25])


async def test_who_gives_up_at_the_head_of_the_queue_loses_nobody_time() -> None:
    one = bucket()
    await sent_at(one, 49)

    async def give_up() -> None:
        with anyio.move_on_after(0.2):
            await one.take()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(give_up)
        tasks.start_soon(one.take)
    assert anyio.current_time() == pytest.approx(0.25)


async def test_the_time_to_wait_is_known_before_waiting() -> None:
    one = bucket()
    assert one.queueing_time == 0
    async with anyio.create_task_group() as tasks:
        for _ in range(59):
            tasks.start_soon(one.take)
        await anyio.lowlevel.checkpoint()
        told = one.queueing_time
        await one.take()
        assert anyio.current_time() == pytest.approx(told)


async def test_after_an_overflow_it_is_full_and_shut_for_a_while() -> None:
    one = bucket()
    one.overflow(4.0)
    assert one.room == 0
    await one.take()
    assert anyio.current_time() == pytest.approx(4.0)
    assert one.room == pytest.approx(7.0)


@pytest.mark.parametrize("seed", range(5))
async def test_the_portal_never_counts_more_than_it_allows_however_requests_are_delayed(seed: int) -> None:
    random, one, portal = Random(seed), bucket(), allowed.Limits(allowed.STANDARD)  # noqa: S311
    refused: list[float] = []

    async def arrive() -> None:
        await anyio.sleep(random.uniform(0, 0.25))
        if not portal.admit("here", anyio.current_time()):
            refused.append(anyio.current_time())

    async with anyio.create_task_group() as tasks:
        for _ in range(300):
            if random.random() < 0.1:
                await anyio.sleep(random.uniform(0, 20))
            await one.take()
            tasks.start_soon(arrive)
    assert refused == []
