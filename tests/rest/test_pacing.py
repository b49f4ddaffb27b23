"""Limits kept, and what the portal turned away waited out: nothing is lost, nothing is done twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import anyio
import pytest
from bitrix24_commerce.rest.connection import Answer
from bitrix24_commerce.rest.errors import LimitReached, Outcome
from bitrix24_commerce.rest.limits import SELF_HOSTED
from bitrix24_commerce.rest.pacing import Pacing, patience
from bitrix24_commerce.rest.reporting import reporting

from tests.rest.paced import DEAL, at_once, paced
from tests.virtual_time import VIRTUAL_TIME

pytestmark = pytest.mark.anyio
ADD = "crm.item.payment.add"
OBJECT = {"entityId": DEAL, "entityTypeId": 2}


@pytest.fixture
def anyio_backend() -> object:
    return VIRTUAL_TIME


async def test_more_writes_than_the_portal_allows_at_once_are_all_carried_out_and_none_refused() -> None:
    async with paced() as client:
        ids = await at_once([lambda: client.portal.call(ADD, OBJECT)] * 80)
        assert len(set(ids)) == 80
        assert client.statuses == {200}


@pytest.mark.parametrize("fault", ["503", "429"])
async def test_a_write_that_was_turned_away_is_sent_again(fault: Any) -> None:
    async with paced() as client:
        client.sandbox.faults.add(fault, ADD, times=3)
        with patience(200):
            id = await client.portal.call(ADD, OBJECT)
        assert client.requests == [ADD] * 4
        assert [carried.result for carried in client.sandbox.ledger or ()] == [id]


async def test_with_other_processes_filling_the_same_bucket_everybody_gets_through() -> None:
    async with paced() as client:

        async def another_process() -> None:
            for _ in range(40):
                client.sandbox.limits.admit("127.0.0.1", client.sandbox.clock.timestamp())
                await anyio.sleep(0.6)

        _, *ids = await at_once([another_process, *[lambda: client.portal.call(ADD, OBJECT)] * 60])
        assert len(set(ids)) == 60
        assert len(client.sandbox.ledger or ()) == 60
        assert client.statuses == {200, 503}


async def test_a_client_that_believes_in_no_limit_waits_when_it_is_told_of_one() -> None:
    async with paced(client_limits=SELF_HOSTED) as client:
        with patience(300):
            ids = await at_once([lambda: client.portal.call(ADD, OBJECT)] * 60)
        assert len(set(ids)) == 60
        assert len(client.requests) < 120


async def test_a_method_is_slowed_before_the_portal_blocks_it() -> None:
    async with paced(rate=None, operating=10, seconds=1.0) as client:
        with patience(1000):
            for _ in range(20):
                await client.portal.call("crm.item.get", {"entityTypeId": 2, "id": DEAL})
        assert client.statuses == {200}


async def test_operating_time_that_others_used_up_is_waited_for() -> None:
    async with paced(rate=None, operating=10, seconds=1.0, client_limits=SELF_HOSTED) as client:
        with patience(2000):
            for _ in range(20):
                await client.portal.call("crm.item.get", {"entityTypeId": 2, "id": DEAL})
        assert client.statuses == {200, 429}
        assert client.requests.count("crm.item.get") < 45


async def test_who_would_wait_too_long_is_told_so_at_once_and_nothing_is_sent() -> None:
    async with paced() as client:
        with patience(3):
            results = await at_once([lambda: client.portal.call(ADD, OBJECT)] * 80)
        refused = [result for result in results if isinstance(result, LimitReached)]
        assert len(client.requests) == len(client.sandbox.ledger or ()) == 80 - len(refused) == 55
        assert {(refusal.outcome, refusal.retryable) for refusal in refused} == {(Outcome.NOT_APPLIED, True)}
        assert client.statuses == {200}


async def test_patience_ends_also_while_the_portal_keeps_refusing() -> None:
    async with paced() as client:
        client.sandbox.faults.add("503", ADD, times=1000)
        with patience(20), pytest.raises(LimitReached):
            await client.portal.call(ADD, OBJECT)
        assert anyio.current_time() < 20
        assert 4 <= len(client.requests) <= 7


async def test_the_caller_is_told_of_waiting() -> None:
    told: list[str] = []

    async def reporter(done: float, total: float | None, message: str) -> None:
        told.append(message)

    async with paced() as client:
        client.sandbox.faults.add("429", ADD)
        with reporting(reporter):
            await client.portal.call(ADD, OBJECT)
        client.sandbox.faults.add("503", ADD)
        with reporting(reporter):
            await client.portal.call(ADD, OBJECT)
    assert told == [f"Waiting about 60 s for the operating time of {ADD}"]


async def test_an_overloaded_portal_is_not_asked_again() -> None:
    asked: list[str] = []

    class Overloaded:
        async def send(self, method: str, parameters: Mapping[str, Any]) -> Answer:
            asked.append(method)
            raise LimitReached("OVERLOAD_LIMIT", "REST API is blocked due to overload", status=503)

    with pytest.raises(LimitReached, match="OVERLOAD_LIMIT"):
        await Pacing(Overloaded()).send(ADD, OBJECT)
    assert asked == [ADD]
