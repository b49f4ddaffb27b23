"""The same requestId asks for the same thing once."""

from __future__ import annotations

from typing import Any

import anyio
import pytest
from bitrix24_commerce.rest.errors import InvalidArgument, NotCarriedOut, OutcomeUnknown, UnreadableReply
from bitrix24_commerce.rest.request_ids import RequestIds

from tests.rest.settled import Settled, settled
from tests.virtual_time import VIRTUAL_TIME

pytestmark = pytest.mark.anyio
ADD, PAY, LIST = "crm.item.payment.add", "crm.item.payment.pay", "crm.item.payment.list"
DEAL = {"entityId": 13141, "entityTypeId": 2}


@pytest.fixture
def anyio_backend() -> object:
    return VIRTUAL_TIME


async def add(client: Settled, ids: RequestIds, request_id: str, arguments: dict[str, Any] = DEAL) -> Any:
    return await ids.once(request_id, ADD, arguments, lambda: client.portal.call(ADD, arguments))


async def test_the_same_id_gives_the_first_answer_again() -> None:
    async with settled() as client:
        ids = RequestIds()
        first = await add(client, ids, "a")
        assert await add(client, ids, "a") == first
        assert await add(client, ids, "b") != first
        assert len(client.carried(ADD)) == 2


async def test_without_an_id_every_call_counts() -> None:
    async with settled() as client:
        ids = RequestIds()
        assert await add(client, ids, "") != await add(client, ids, "")


async def test_other_arguments_under_the_same_id_are_refused() -> None:
    async with settled() as client:
        ids = RequestIds()
        await add(client, ids, "a")
        with pytest.raises(InvalidArgument, match="used for another call"):
            await add(client, ids, "a", {"entityId": 13142, "entityTypeId": 2})
        with pytest.raises(InvalidArgument):
            await ids.once("a", PAY, DEAL, lambda: client.portal.call(PAY, {"id": 1041}))
        assert len(client.carried(ADD)) == 1
        assert client.carried(PAY) == []


async def test_who_asks_while_the_first_is_under_way_waits_for_its_answer() -> None:
    async with settled(method_seconds=1) as client:
        ids = RequestIds()
        answers: list[Any] = []

        async def ask() -> None:
            answers.append(await add(client, ids, "a"))

        async with anyio.create_task_group() as tasks:
            for _ in range(5):
                tasks.start_soon(ask)
        assert answers == client.carried(ADD) * 5


async def test_what_was_not_carried_out_frees_its_id() -> None:
    async with settled() as client:
        ids = RequestIds()
        client.sandbox.faults.add("500", ADD, times=2)
        with pytest.raises(NotCarriedOut):
            await add(client, ids, "a")
        id = await add(client, ids, "a", {"entityId": 13142, "entityTypeId": 2})
        assert client.carried(ADD) == [id]


async def test_what_is_unknown_is_looked_at_again_and_not_sent() -> None:
    async with settled() as client:
        ids = RequestIds()
        client.sandbox.faults.add("reply_lost", ADD)
        for _ in range(3):
            with pytest.raises(OutcomeUnknown, match="has appeared since"):
                await add(client, ids, "a")
        assert len(client.carried(ADD)) == 1
        assert client.requests == [LIST, ADD, LIST, LIST, LIST]


async def test_what_turns_out_not_to_have_been_carried_out_is_sent_when_asked_for_again() -> None:
    async with settled() as client:
        ids = RequestIds()
        client.sandbox.faults.add("reset", ADD)
        with pytest.raises(OutcomeUnknown, match="nothing has changed so far"):
            await add(client, ids, "a")
        id = await add(client, ids, "a")
        assert client.carried(ADD) == [id]
        assert anyio.current_time() >= 60


async def test_a_cancelled_write_is_known_to_the_next_who_asks_with_its_id() -> None:
    async with settled(method_seconds=1) as client:
        ids = RequestIds()

        async def pay() -> Any:
            return await ids.once("a", PAY, {"id": 1041}, lambda: client.portal.call(PAY, {"id": 1041}))

        with anyio.move_on_after(1.5):
            await pay()
        assert await pay() is True
        assert client.carried(PAY) == [True]


async def test_an_applied_write_is_not_sent_again_when_what_followed_it_failed() -> None:
    async with settled() as client:
        ids = RequestIds()

        async def add_and_look() -> Any:
            id = await client.portal.call(ADD, DEAL)
            return await client.portal.payment(id)

        client.sandbox.faults.add("html", "crm.item.payment.get", times=2)
        with pytest.raises(UnreadableReply):
            await ids.once("a", ADD, DEAL, add_and_look)
        payment = await ids.once("a", ADD, DEAL, add_and_look)
        assert client.carried(ADD) == [payment.id]


async def test_the_oldest_ids_are_forgotten() -> None:
    async with settled() as client:
        ids = RequestIds(limit=2)
        first = await add(client, ids, "a")
        second, third = await add(client, ids, "b"), await add(client, ids, "c")
        assert await add(client, ids, "b") == second
        assert await add(client, ids, "c") == third
        assert await add(client, ids, "a") != first
