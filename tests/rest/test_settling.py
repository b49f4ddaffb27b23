"""A write is carried out once, whatever the network does; and what is said of it is true."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import anyio
import pytest
from bitrix24_commerce.rest.connection import Answer, Sender
from bitrix24_commerce.rest.errors import (
    NotCarriedOut,
    Outcome,
    OutcomeUnknown,
    Refusal,
    ServerFailure,
    Unreachable,
)
from bitrix24_commerce.rest.reporting import reporting
from bitrix24_commerce.rest.settling import ReadBack, Settling, deadline
from inline_snapshot import snapshot

from tests.rest.settled import settled
from tests.virtual_time import VIRTUAL_TIME

pytestmark = pytest.mark.anyio
ADD, PAY, GET = "crm.item.payment.add", "crm.item.payment.pay", "crm.item.payment.get"
LIST = "crm.item.payment.list"
DEAL = {"entityId": 13141, "entityTypeId": 2}
"""A deal with one payment, 1041, which is unpaid."""


@pytest.fixture
def anyio_backend() -> object:
    return VIRTUAL_TIME


async def test_a_write_takes_one_look_before_it_and_none_after_an_answer() -> None:
    async with settled() as client:
        id = await client.portal.call(ADD, DEAL)
        assert client.carried(ADD) == [id]
        assert client.requests == [LIST, ADD]


async def test_what_left_no_trace_and_is_over_is_sent_again_once() -> None:
    async with settled() as client:
        client.sandbox.faults.add("500", ADD)
        id = await client.portal.call(ADD, DEAL)
        assert client.carried(ADD) == [id]
        assert client.requests == [LIST, ADD, LIST, ADD]


async def test_a_second_lost_reply_never_leads_to_a_third_send() -> None:
    async with settled() as client:
        client.sandbox.faults.add("500", ADD, times=9)
        with pytest.raises(NotCarriedOut) as failure:
            await client.portal.call(ADD, DEAL)
        assert failure.value.outcome is Outcome.NOT_APPLIED
        assert failure.value.retryable
        assert str(failure.value) == snapshot(
            "INTERNAL_SERVER_ERROR: crm.item.payment.add (entityId 13141, entityTypeId 2): the reply was lost "
            "(INTERNAL_SERVER_ERROR: Internal server error); reading back shows that it was not carried out"
        )
        assert client.carried(ADD) == []
        assert client.requests == [LIST, ADD, LIST, ADD, LIST]


async def test_a_payment_that_has_appeared_may_be_somebody_elses_and_none_is_added_to_it() -> None:
    async with settled() as client:
        client.sandbox.faults.add("500", ADD, after=True)
        with pytest.raises(OutcomeUnknown) as failure:
            await client.portal.call(ADD, DEAL)
        (id,) = client.carried(ADD)
        assert failure.value.outcome is Outcome.UNKNOWN
        assert f"payment {id} has appeared since, made by this call or by somebody else" in str(failure.value)
        assert failure.value.recovery == snapshot(
            "Look at it first: if nobody else made it, it is this call's. Add no other before that is decided."
        )


async def test_a_state_that_was_asked_for_and_is_there_is_applied() -> None:
    async with settled() as client:
        client.sandbox.faults.add("reply_lost", PAY)
        answer = await client.portal.answer(PAY, {"id": 1041})
        assert answer == ReadBack(True)
        assert client.carried(PAY) == [True]
        assert client.requests == [GET, PAY, GET]
        assert anyio.current_time() < 1


async def test_a_request_whose_connection_broke_may_come_true_later() -> None:
    async with settled() as client:
        client.sandbox.faults.add("delay", PAY, seconds=30)
        answer = await client.portal.answer(PAY, {"id": 1041})
        assert isinstance(answer, ReadBack)
        assert client.requests.count(PAY) == 1
        assert 30 <= anyio.current_time() < 36


async def test_untouched_is_not_yet_not_applied_while_the_portal_may_still_be_at_it() -> None:
    async with settled() as client:
        client.sandbox.faults.add("reset", ADD)
        with pytest.raises(OutcomeUnknown) as failure:
            await client.portal.call(ADD, DEAL)
        assert "nothing has changed so far; the portal may carry it out for another 15 s" in str(failure.value)
        assert round(anyio.current_time()) == 45
        assert client.requests.count(ADD) == 1


async def test_with_more_time_a_broken_connection_is_known_to_have_carried_nothing() -> None:
    async with settled() as client:
        client.sandbox.faults.add("reset", ADD)
        with deadline(75):
            id = await client.portal.call(ADD, DEAL)
        assert client.carried(ADD) == [id]
        assert 60 <= anyio.current_time() < 66


@pytest.mark.parametrize(("carried_out", "takes"), [(True, 20), (False, 45)])
async def test_a_gateway_that_gave_up_waiting_says_nothing_about_the_portal(carried_out: bool, takes: int) -> None:
    async with settled() as client:

        class Gateway:
            async def send(self, method: str, parameters: Mapping[str, Any]) -> Answer:
                if method != PAY:
                    return await client.portal.answer(method, parameters)
                if carried_out:
                    later.start_soon(self._in_a_while, parameters)
                raise ServerFailure("HTTP_504", "the portal answered with HTTP 504", writes=True, status=504)

            async def _in_a_while(self, parameters: Mapping[str, Any]) -> None:
                await anyio.sleep(19)
                client.another_user(PAY, dict(parameters))

        async with anyio.create_task_group() as later:
            if carried_out:
                assert await Settling(Gateway()).send(PAY, {"id": 1041}) == ReadBack(True)
            else:
                with pytest.raises(OutcomeUnknown):
                    await Settling(Gateway()).send(PAY, {"id": 1041})
        assert takes <= round(anyio.current_time()) < takes + 6


@pytest.mark.parametrize(("failures", "sent"), [(1, 1), (2, 0)])
async def test_a_connection_that_never_opened_carried_nothing_and_is_tried_once_more(failures: int, sent: int) -> None:
    class Unplugged:
        def __init__(self) -> None:
            self.left, self.sent = failures, 0

        async def send(self, method: str, parameters: Mapping[str, Any]) -> Answer:
            if method != PAY:
                return Answer({"id": 1041, "paid": "N"})
            if self.left:
                self.left -= 1
                raise Unreachable("UNREACHABLE", "the portal cannot be reached")
            self.sent += 1
            return Answer(True)

    unplugged = Unplugged()
    inner: Sender = unplugged
    if sent:
        assert await Settling(inner).send(PAY, {"id": 1041}) == Answer(True)
    else:
        with pytest.raises(Unreachable) as failure:
            await Settling(inner).send(PAY, {"id": 1041})
        assert failure.value.outcome is Outcome.NOT_APPLIED
    assert unplugged.sent == sent


async def test_where_the_portal_cannot_be_read_back_that_is_said() -> None:
    async with settled() as client:
        client.sandbox.faults.add(
            "another_user", PAY, action=lambda: client.sandbox.faults.add("500", GET, probability=1.0)
        )
        client.sandbox.faults.add("reply_lost", PAY)
        with pytest.raises(OutcomeUnknown) as failure:
            await client.portal.call(PAY, {"id": 1041})
        assert "the portal could not be read back (INTERNAL_SERVER_ERROR: Internal server error)" in str(failure.value)


async def test_a_refused_look_leaves_the_refusal_of_the_write_to_the_portal() -> None:
    async with settled() as client:
        with pytest.raises(Refusal) as failure:
            await client.portal.call(PAY, {"id": 999999})
        assert failure.value.description == "Payment has not been found"
        assert client.requests == [GET, PAY]


async def test_the_outcome_of_a_method_that_nothing_is_declared_for_is_unknown() -> None:
    async with settled() as client:
        client.sandbox.faults.add("500", "crm.deal.add")
        with pytest.raises(OutcomeUnknown):
            await client.portal.call("crm.deal.add", {"fields": {"TITLE": "x"}})
        assert client.requests == ["crm.deal.add"]


async def test_our_own_writes_to_one_object_wait_until_a_lost_one_cannot_disturb_them() -> None:
    async with settled() as client:
        client.sandbox.faults.add("reset", ADD)
        with pytest.raises(OutcomeUnknown):
            await client.portal.call(ADD, DEAL)
        told: list[str] = []

        async def reporter(done: float, total: float | None, message: str) -> None:
            told.append(message)

        with reporting(reporter):
            id = await client.portal.call(ADD, DEAL)
        assert round(anyio.current_time()) == 60
        assert told == snapshot(["Waiting 15 s: an earlier change of the same record may be under way"])
        assert client.carried(ADD) == [id]


async def test_our_own_writes_to_one_object_are_not_taken_for_each_others() -> None:
    async with settled(method_seconds=1) as client:
        client.sandbox.faults.add("500", ADD)
        ids: list[int] = []

        async def add() -> None:
            ids.append(await client.portal.call(ADD, DEAL))

        async with anyio.create_task_group() as tasks:
            for _ in range(5):
                tasks.start_soon(add)
        assert client.carried(ADD) == ids
        assert len(set(ids)) == 5


async def test_the_caller_is_told_that_the_outcome_is_being_found_out() -> None:
    told: list[str] = []

    async def reporter(done: float, total: float | None, message: str) -> None:
        told.append(message)

    async with settled() as client:
        client.sandbox.faults.add("reply_lost", PAY)
        with reporting(reporter):
            await client.portal.call(PAY, {"id": 1041})
    assert told[0] == snapshot("The reply to crm.item.payment.pay was lost: finding out whether it was carried out")


@pytest.mark.parametrize(
    ("after", "found"),
    [
        (1.5, "crm.item.payment.pay (id 1041) was cancelled after it left; it was carried out"),
        (0.5, None),
    ],
)
async def test_a_cancelled_write_is_followed_up_if_it_has_left(
    after: float, found: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    async with settled(method_seconds=1) as client:
        with caplog.at_level(logging.WARNING), anyio.move_on_after(after):
            await client.portal.call(PAY, {"id": 1041})
        assert [record.getMessage() for record in caplog.records] == ([found] if found else [])
        assert len(client.carried(PAY)) == (1 if found else 0)
        code = client.sandbox.webhook_url().rstrip("/").rsplit("/", 1)[-1]
        assert code not in caplog.text


async def test_following_up_a_cancelled_write_is_bounded(caplog: pytest.LogCaptureFixture) -> None:
    async with settled() as client:
        client.sandbox.faults.add("delay", PAY, seconds=40)
        with caplog.at_level(logging.WARNING), anyio.move_on_after(1):
            await client.portal.call(PAY, {"id": 1041})
        assert anyio.current_time() <= 6
        assert [record.getMessage() for record in caplog.records] == snapshot(
            [
                "OUTCOME_UNKNOWN: crm.item.payment.pay (id 1041): the call was cancelled after it left; "
                "nothing has changed so far; the portal may carry it out for another 58 s"
            ]
        )
