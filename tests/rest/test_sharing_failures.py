"""What one read's failure, and one caller's leaving, does to those that travel with it."""

from __future__ import annotations

from typing import Any

import anyio
import pytest
from bitrix24_commerce.rest.errors import LimitReached, NotFound, Outcome, ServerFailure, TokenExpired
from bitrix24_commerce.rest.object_types import object_type
from bitrix24_commerce.rest.pacing import patience
from bitrix24_commerce.rest.reporting import reporting

from tests.rest.paced import DEAL, PAYMENTS, at_once, paced
from tests.virtual_time import VIRTUAL_TIME

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> object:
    return VIRTUAL_TIME


async def test_a_failed_command_fails_its_own_caller_only() -> None:
    async with paced() as client:
        *found, failed = await at_once(
            [
                *[lambda above=above: client.payments(above) for above in range(100)],
                lambda: client.portal.call("crm.item.payment.get", {"id": 999_999}),
            ]
        )
        assert all(isinstance(result, list) for result in found)
        assert isinstance(failed, NotFound)


@pytest.mark.parametrize("fault", ["reply_lost", "reset", "500", "html", "empty", "cut_off"])
async def test_a_lost_batch_is_sent_once_more(fault: Any) -> None:
    async with paced() as client:
        client.sandbox.faults.add(fault, "batch")
        results = await at_once([lambda above=above: client.payments(above) for above in range(60)])
        assert all(isinstance(result, list) for result in results)


async def test_what_was_too_much_for_one_request_is_sent_again_in_smaller_ones() -> None:
    async with paced() as client:
        await client.empty_the_bucket()
        client.sandbox.faults.add("500", "batch")
        results = await at_once([lambda above=above: client.payments(above) for above in range(50)])
        assert all(isinstance(result, list) for result in results)
        assert client.requests == ["batch"] * 6


@pytest.mark.parametrize("fault", ["reply_lost", "500", "cut_off"])
async def test_a_lost_single_read_is_sent_once_more(fault: Any) -> None:
    async with paced() as client:
        client.sandbox.faults.add(fault, PAYMENTS)
        assert isinstance(await client.payments(), list)
        assert client.requests == [PAYMENTS] * 2


async def test_a_command_that_the_portal_failed_to_run_is_sent_once_more() -> None:
    async with paced() as client:
        client.sandbox.faults.add("batch_part", PAYMENTS)
        results = await at_once([lambda above=above: client.payments(above) for above in range(60)])
        assert all(isinstance(result, list) for result in results)


async def test_a_read_that_stays_without_a_reply_fails_and_says_that_nothing_is_lost() -> None:
    async with paced() as client:
        client.sandbox.faults.add("500", "*", times=1000)
        results = await at_once([lambda above=above: client.payments(above) for above in range(10)])
        assert {type(result) for result in results} == {ServerFailure}
        assert {result.outcome for result in results} == {Outcome.NOT_APPLIED}
        assert len(client.requests) <= 20


async def test_a_refused_batch_is_refused_to_all_and_not_repeated() -> None:
    async with paced() as client:
        client.sandbox.faults.add("expired_token", times=1000)
        results = await at_once([lambda above=above: client.payments(above) for above in range(60)])
        assert {type(result) for result in results} == {TokenExpired}
        assert len(client.requests) <= 25


async def test_a_method_at_its_operating_limit_waits_for_itself_and_holds_up_no_other() -> None:
    async with paced(operating=480) as client:
        client.sandbox.limits.spend("webhook administrator", PAYMENTS, 600, client.sandbox.clock.timestamp())
        moments: list[float] = []

        async def item(deal: int) -> None:
            await client.portal.item(object_type("deal"), deal)
            moments.append(anyio.current_time())

        with patience(1000):
            results = await at_once(
                [
                    *[lambda deal=deal: item(deal) for deal in (DEAL, 13143, 13144)],
                    *[lambda above=above: client.payments(above) for above in range(200)],
                ]
            )
        assert len(moments) == 3
        assert max(moments) < 5
        assert all(isinstance(result, list) for result in results[3:])
        assert 500 < anyio.current_time() < 1000
        assert len(client.requests) < 500


async def test_a_cancelled_caller_takes_nobody_elses_read_with_it() -> None:
    async with paced() as client:

        async def give_up(above: int) -> None:
            with anyio.move_on_after(0.05):
                await client.payments(above)

        results = await at_once(
            [
                *[lambda above=above: give_up(above) for above in range(0, 60, 2)],
                *[lambda above=above: client.payments(above) for above in range(60)],
            ]
        )
        assert all(isinstance(result, list) for result in results[30:])


async def test_what_nobody_waits_for_any_more_is_not_sent_again() -> None:
    async with paced() as client:
        await client.empty_the_bucket()
        client.sandbox.faults.add("500", "batch", after=True)

        async def read(above: int) -> None:
            with anyio.move_on_after(100 if above < 10 else 3):
                await client.payments(above)

        await at_once([lambda above=above: read(above) for above in range(50)])
        assert [entry.method for entry in client.sandbox.journal.entries].count(PAYMENTS) == 50 + 10


async def test_when_all_callers_give_up_nothing_is_sent_for_them_any_more() -> None:
    async with paced() as client:
        await client.empty_the_bucket()
        with anyio.move_on_after(0.1):
            await at_once([lambda above=above: client.payments(above) for above in range(100)])
        await anyio.sleep(60)
        assert client.requests == []
        await client.payments()
        assert client.requests == [PAYMENTS]


async def test_one_callers_impatience_is_not_the_others() -> None:
    async with paced() as client:
        await client.empty_the_bucket()
        client.sandbox.faults.add("503", "batch", times=4)

        async def impatient() -> list[Any]:
            with patience(2):
                return await client.payments(1)

        results = await at_once([impatient, *[lambda above=above: client.payments(above) for above in range(2, 30)]])
        assert isinstance(results[0], LimitReached)
        assert all(isinstance(result, list) for result in results[1:])


async def test_every_waiting_read_is_told_of_the_wait_and_keeps_to_its_own_patience() -> None:
    async with paced() as client:
        await client.empty_the_bucket()
        told: list[int] = []

        async def read(above: int) -> object:
            async def reporter(done: float, total: float | None, message: str) -> None:
                told.append(above)

            with reporting(reporter), patience(1 if above % 2 else 60):
                return await client.payments(above)

        results = await at_once([lambda above=above: read(above) for above in range(200)])
        patient, impatient = results[0:150:2], results[151::2]
        assert all(isinstance(result, list) for result in patient)
        assert {type(result) for result in impatient} == {LimitReached}
        assert set(range(150, 200, 2)) <= set(told)


async def test_patience_counts_for_the_half_of_the_bucket_that_is_left_to_others_too() -> None:
    async with paced() as client:

        async def read(number: int) -> object:
            with patience(3):
                return await client.portal.call("server.time", {"x": None, "y": number})

        results = await at_once([lambda number=number: read(number) for number in range(60)])
        refused = [result for result in results if isinstance(result, LimitReached)]
        assert len(client.requests) == 60 - len(refused) == 30
        assert anyio.current_time() < 4
        assert client.pacing.bucket.room > 24
