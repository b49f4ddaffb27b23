"""Reads that share requests: how many come over the wire, and which do not share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import pytest
from bitrix24_commerce.sandbox import limits as allowed

from tests.rest.paced import DEAL, PAYMENTS, Paced, at_once, paced
from tests.virtual_time import VIRTUAL_TIME

pytestmark = pytest.mark.anyio
ADD = "crm.item.payment.add"
OBJECT = {"entityId": DEAL, "entityTypeId": 2}


@pytest.fixture
def anyio_backend() -> object:
    return VIRTUAL_TIME


async def staggered(client: Paced, count: int, apart: float) -> None:
    """So many reads, each so many seconds after the one before, as a host's calls come."""

    async def late(index: int) -> None:
        await anyio.sleep(apart * index)
        await client.payments(index)

    await at_once([lambda index=index: late(index) for index in range(count)])


def unshareable(client: Paced, count: int) -> list[Callable[[], Awaitable[Any]]]:
    """Reads whose text could be taken for a reference to another command's result."""
    return [
        lambda number=number: client.portal.call(PAYMENTS, {**OBJECT, "filter": {"accountNumber": f"${number}"}})
        for number in range(count)
    ]


async def fullest(client: Paced, work: Callable[[], Awaitable[object]]) -> float:
    """The highest level of the portal's bucket during some work."""
    levels = [0.0]

    async def watch() -> None:
        while True:
            levels.append(client.sandbox.limits.level("127.0.0.1", client.sandbox.clock.timestamp()))
            await anyio.sleep(0.01)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(watch)
        await work()
        tasks.cancel_scope.cancel()
    return max(levels)


async def test_a_read_by_itself_goes_by_itself() -> None:
    async with paced() as client:
        for above in range(3):
            await client.payments(above)
        assert client.requests == [PAYMENTS] * 3


async def test_sixty_reads_at_once_take_half_of_a_full_bucket_at_most() -> None:
    async with paced() as client:
        await at_once([lambda above=above: client.payments(above) for above in range(60)])
        assert len(client.requests) <= 25
        assert client.requests[0] == PAYMENTS
        assert client.statuses == {200}


@pytest.mark.parametrize("apart", [0.001, 0.005])
async def test_sixty_reads_that_come_one_after_the_other_take_no_more_and_are_fast(apart: float) -> None:
    async with paced() as client:
        await staggered(client, 60, apart)
        assert len(client.requests) <= 25
        assert client.statuses == {200}
        assert anyio.current_time() <= 10 * 0.1


async def test_a_burst_of_thousands_of_reads_leaves_half_of_the_bucket_to_others() -> None:
    async with paced() as client:
        reads = [lambda above=above: client.payments(above) for above in range(3000)]
        assert await fullest(client, lambda: at_once(reads)) <= 25
        assert 503 not in client.statuses


@pytest.mark.parametrize("apart", [0.003, 0.02])
async def test_so_does_a_burst_that_keeps_coming(apart: float) -> None:
    async with paced() as client:
        assert await fullest(client, lambda: staggered(client, 300, apart)) <= 25


async def test_so_do_reads_that_cannot_share() -> None:
    async with paced() as client:
        assert await fullest(client, lambda: at_once(unshareable(client, 60))) <= 25
        assert client.requests == [PAYMENTS] * 60


async def test_reads_that_cannot_share_go_at_most_25_side_by_side() -> None:
    async with paced(rate=None) as client:
        await at_once(unshareable(client, 25))
        assert 0.1 <= anyio.current_time() < 0.2
        begin = anyio.current_time()
        await at_once(unshareable(client, 26))
        assert 0.2 <= anyio.current_time() - begin < 0.3


async def test_the_emptier_the_bucket_the_more_reads_share_a_request() -> None:
    async with paced() as client:
        counts: list[int] = []
        for burst in range(4):
            client.sandbox.journal.entries.clear()
            await at_once([lambda above=above: client.payments(above) for above in range(burst * 60, burst * 60 + 60)])
            counts.append(len(client.requests))
        assert counts == sorted(counts, reverse=True)
        assert counts[0] > 3 * counts[-1]


async def test_with_an_empty_bucket_fifty_reads_share_a_request() -> None:
    async with paced() as client:
        await client.empty_the_bucket()
        await at_once([lambda above=above: client.payments(above) for above in range(100)])
        assert client.requests == ["batch", "batch"]
        assert client.statuses == {200}


async def test_who_comes_while_others_wait_for_a_place_travels_along() -> None:
    async with paced() as client:
        await client.empty_the_bucket()

        async def late(above: int) -> None:
            await anyio.sleep(0.002 * above)
            await client.payments(above)

        await at_once([lambda above=above: late(above) for above in range(50)])
        assert client.requests == ["batch"]


async def test_a_self_hosted_portal_gets_a_bounded_number_of_requests_at_once() -> None:
    async with paced(rate=None) as client:
        results = await at_once([lambda above=above: client.payments(above) for above in range(500)])
        assert all(isinstance(result, list) for result in results)
        assert anyio.current_time() < 3
        assert len(client.requests) < 60


async def test_writes_and_what_a_command_cannot_carry_stay_out_of_batches() -> None:
    async with paced() as client:
        await at_once(
            [
                *[lambda: client.portal.call(ADD, OBJECT)] * 5,
                *[lambda text=text: client.portal.call(PAYMENTS, {**OBJECT, "filter": {"accountNumber": text}})
                  for text in ("$result[call0]", "$5", None)],
            ]
        )  # fmt: skip
        assert sorted(client.requests) == [ADD] * 5 + [PAYMENTS] * 3


async def test_equal_reads_are_one_and_each_caller_may_change_its_copy() -> None:
    async with paced() as client:
        client.sandbox.call(ADD, OBJECT)

        async def take_all() -> int:
            found = await client.payments()
            count = len(found)
            found.clear()
            return count

        counts = await at_once([take_all] * 20)
        assert client.requests == [PAYMENTS]
        assert set(counts) == {1}


async def test_equal_reads_one_after_the_other_are_two() -> None:
    async with paced() as client:
        await client.payments()
        await client.payments()
        assert client.requests == [PAYMENTS] * 2


async def test_a_read_after_a_write_is_never_answered_from_before_it() -> None:
    async with paced() as client:
        before = len(await client.payments())
        client.sandbox.method_seconds = {PAYMENTS: 0.1, "*": 0.0}
        client.sandbox.faults.add("delay", PAYMENTS, after=True, seconds=10)

        async def write_and_look() -> int:
            await anyio.sleep(0.5)  # The read below has been answered on the portal, but not yet here.
            await client.portal.call(ADD, OBJECT)
            return len(await client.payments())

        early, late = await at_once([client.payments, write_and_look])
        assert len(early) == before
        assert late == before + 1


async def test_on_an_enterprise_portal_too_no_read_is_refused() -> None:
    async with paced(rate=allowed.ENTERPRISE) as client:
        results = await at_once([lambda above=above: client.payments(above) for above in range(500)])
        assert all(isinstance(result, list) for result in results)
        assert len(client.requests) <= 125
        assert client.statuses == {200}
