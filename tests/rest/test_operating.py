"""What a method's operating time does to its calls."""

from __future__ import annotations

from typing import Any

import anyio
import pytest
from bitrix24_commerce.rest.clock import SystemClock
from bitrix24_commerce.rest.operating import Operating

from tests.virtual_time import VIRTUAL_TIME

pytestmark = pytest.mark.anyio
LIST = "crm.item.list"


@pytest.fixture
def anyio_backend() -> object:
    return VIRTUAL_TIME


def time(operating: float, *, reset_in: float = 100.0) -> dict[str, Any]:
    """The `time` of an answer, on a portal whose clock shows something else than ours."""
    return {"finish": 1_790_000_000.5, "operating_reset_at": 1_790_000_000.5 + reset_in, "operating": operating}


async def gone_at(operating: Operating, calls: int, method: str = LIST) -> list[float]:
    """When each of some calls goes that come at the same moment."""
    moments: list[float] = []

    async def call() -> None:
        await operating.wait(method)
        moments.append(anyio.current_time())

    async with anyio.create_task_group() as tasks:
        for _ in range(calls):
            tasks.start_soon(call)
    return moments


async def test_far_from_its_limit_a_method_goes_at_once() -> None:
    operating = Operating(480, SystemClock())
    operating.learn(LIST, time(383))
    assert not operating.slows(LIST)
    assert await gone_at(operating, 5) == [0.0] * 5


async def test_near_its_limit_what_is_left_is_spread_over_the_time_until_some_comes_back() -> None:
    operating = Operating(480, SystemClock())
    operating.learn(LIST, time(430))
    operating.learn(LIST, time(440))  # 10 s a call, 40 s left: four calls in 100 s
    assert operating.slows(LIST)
    moments: list[float] = []
    for used in (450, 460, 470):
        await operating.wait(LIST)
        moments.append(anyio.current_time())
        operating.learn(LIST, time(used, reset_in=100.0 - anyio.current_time()))
    assert moments == pytest.approx([0.0, 25.0, 50.0])
    assert operating.queueing_time(LIST) == pytest.approx(25.0)


async def test_at_its_limit_it_waits_until_some_time_comes_back() -> None:
    operating = Operating(480, SystemClock())
    operating.learn(LIST, time(481))
    assert operating.queueing_time(LIST) == pytest.approx(100)
    assert await gone_at(operating, 3) == pytest.approx([100.0] * 3)


async def test_methods_are_slowed_each_by_itself() -> None:
    operating = Operating(480, SystemClock())
    operating.learn(LIST, time(481))
    assert await gone_at(operating, 3, "crm.item.get") == [0.0] * 3


async def test_a_refusal_says_more_than_the_last_answer_did() -> None:
    operating = Operating(480, SystemClock())
    operating.exhausted(LIST)
    assert await gone_at(operating, 1) == pytest.approx([60.0])
    operating.learn(LIST, time(10))
    assert not operating.slows(LIST)


async def test_a_portal_that_does_not_count_slows_nothing() -> None:
    operating = Operating(480, SystemClock())
    operating.learn(LIST, {"finish": 1_790_000_000.5})
    assert not operating.slows(LIST)


async def test_without_a_known_limit_only_a_refusal_slows() -> None:
    operating = Operating(None, SystemClock())
    operating.learn(LIST, time(100_000))
    assert not operating.slows(LIST)
    operating.exhausted(LIST)
    assert operating.slows(LIST)


async def test_who_gives_up_waiting_does_not_hold_up_the_next() -> None:
    operating = Operating(480, SystemClock())
    operating.learn(LIST, time(430))
    operating.learn(LIST, time(440))
    await operating.wait(LIST)
    with anyio.move_on_after(5):
        await operating.wait(LIST)
    await operating.wait(LIST)
    assert anyio.current_time() == pytest.approx(25.0)
