"""Long lists read as a whole: how many requests that takes, and what comes of it while others change the list."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest
from bitrix24_commerce.rest.errors import AccessDenied, ServerFailure
from bitrix24_commerce.rest.pages import Page, all_records
from bitrix24_commerce.rest.reporting import reporting

from tests.rest.paced import Paced, at_once, paced
from tests.virtual_time import VIRTUAL_TIME

pytestmark = pytest.mark.anyio
LIST = "crm.item.productrow.list"
OWNER = {"ownerType": "D", "ownerId": 13143}
FILTER = {"filter": {"=ownerType": "D", "=ownerId": 13143}}


@pytest.fixture
def anyio_backend() -> object:
    return VIRTUAL_TIME


@asynccontextmanager
async def deal_of(rows: int, **options: Any) -> AsyncGenerator[Paced]:
    """A client of a portal on which a deal has so many rows, named by their place."""
    async with paced(**options) as client:
        named = [{"productName": f"{place}", "price": 1, "sort": place} for place in range(rows)]
        client.sandbox.call("crm.item.productrow.set", {**OWNER, "productRows": named})
        yield client


async def names(client: Paced) -> list[str]:
    return [row["productName"] for row in await client.portal.pages(LIST, FILTER, "productRows")]


def places(rows: int) -> list[str]:
    return [f"{place}" for place in range(rows)]


@pytest.mark.parametrize("rows", [0, 1, 50, 51, 100, 333])
async def test_all_records_come_in_order(rows: int) -> None:
    async with deal_of(rows) as client:
        assert await names(client) == places(rows)


async def test_from_a_full_bucket_a_long_list_takes_half_of_it_at_most() -> None:
    async with deal_of(5000) as client:
        assert await names(client) == places(5000)
        assert len(client.requests) <= 26
        assert client.statuses == {200}


async def test_from_an_empty_bucket_fifty_pages_share_a_request() -> None:
    async with deal_of(5000) as client:
        await client.empty_the_bucket()
        assert await names(client) == places(5000)
        assert client.requests == [LIST, "batch", "batch"]


async def test_a_list_that_fits_on_a_page_takes_one_request() -> None:
    async with deal_of(50) as client:
        await names(client)
        assert client.requests == [LIST]


async def test_the_caller_is_told_how_far_the_reading_is() -> None:
    told: list[tuple[float, float | None]] = []

    async def reporter(done: float, total: float | None, message: str) -> None:
        told.append((done, total))

    async with deal_of(2000) as client:
        with reporting(reporter):
            await names(client)
    assert told[-1] == (2000, 2000)
    assert told == sorted(told)
    assert 5 < len(told) <= 20


async def test_a_cancelled_reading_sends_nothing_more() -> None:
    async with deal_of(5000) as client:
        with anyio.move_on_after(0.05):
            await names(client)
        await anyio.sleep(60)
        assert client.requests == [LIST]


async def test_a_page_that_cannot_be_read_leaves_no_partial_list() -> None:
    async with deal_of(500) as client:
        client.sandbox.faults.add("another_user", LIST, action=lambda: client.sandbox.faults.add("500", times=1000))
        with pytest.raises(ServerFailure):
            await names(client)


async def test_a_refused_list_is_refused_as_it_is() -> None:
    async with paced(profile="current") as client:
        with pytest.raises(AccessDenied):
            await client.portal.pages(LIST, {"filter": {"=ownerType": "D", "=ownerId": 999_999}}, "productRows")


def before_request(number: int, client: Paced, action: Callable[[], object]) -> None:
    """Let another user do something just before the portal answers the nth request."""
    requests = 0

    def count() -> None:
        nonlocal requests
        requests += 1
        if requests == number:
            action()

    client.sandbox.faults.add("another_user", times=1000, action=count)


def remove(client: Paced, place: int) -> None:
    rows = client.sandbox.call("crm.item.productrow.getAvailableForPayment", OWNER)["productRows"]
    client.sandbox.call("crm.item.productrow.delete", {"id": rows[place]["id"]})


def insert(client: Paced, place: int) -> None:
    fields = {**OWNER, "productName": "new", "price": 1, "sort": place}
    client.sandbox.call("crm.item.productrow.add", {"fields": fields})


@pytest.mark.parametrize("request_number", [2, 5, 7])
@pytest.mark.parametrize("place", [0, 49, 50, 120, 332])
async def test_a_row_removed_meanwhile_hides_no_other(place: int, request_number: int) -> None:
    async with deal_of(333, profile="current", seconds=0) as client:
        before_request(request_number, client, lambda: remove(client, place))
        found = await names(client)
        assert found == [name for name in places(333) if name != f"{place}"]


@pytest.mark.parametrize("request_number", [2, 5, 7])
@pytest.mark.parametrize("place", [-1, 48, 49, 120, 400])
async def test_a_row_added_meanwhile_doubles_no_other(place: int, request_number: int) -> None:
    async with deal_of(333, profile="current", seconds=0) as client:
        before_request(request_number, client, lambda: insert(client, place))
        found = await names(client)
        assert found.count("new") == 1
        assert [name for name in found if name != "new"] == places(333)


@pytest.mark.parametrize("request_number", [2, 5, 7])
async def test_a_row_that_comes_and_another_that_goes_are_noticed_by_what_comes_twice(request_number: int) -> None:
    async with deal_of(333, profile="current", seconds=0) as client:

        def swap() -> None:
            remove(client, 332)
            insert(client, -1)

        before_request(request_number, client, swap)
        assert await names(client) == ["new", *places(332)]


async def test_a_list_that_never_comes_to_rest_is_read_three_times_and_no_row_comes_twice() -> None:
    async with deal_of(333, profile="current") as client:
        client.sandbox.faults.add("another_user", times=1000, action=lambda: insert(client, -1))
        rows = await client.portal.pages(LIST, FILTER, "productRows")
        assert len({row["id"] for row in rows}) == len(rows)
        assert 2 * 7 < len(client.requests) <= 3 * 8


def reader(records: list[Any], total: Callable[[], int | None]) -> Callable[[int], Any]:
    async def read(start: int) -> Page:
        page = records[start : start + 50]
        return Page(page, total(), start + 50 if start + 50 < len(records) else None)

    return read


async def test_records_without_an_id_are_told_apart_by_nothing() -> None:
    same = [{"ownerId": 1, "ownerTypeId": 2}] * 120
    assert await all_records(reader(same, lambda: 120)) == same


async def test_bindings_are_told_apart_by_their_order() -> None:
    bindings = [{"orderId": order % 119, "ownerId": 1} for order in range(120)]
    assert await all_records(reader(bindings, lambda: 120)) == bindings[:119]


async def test_a_list_whose_length_is_not_told_is_read_to_its_end() -> None:
    numbered = [{"ID": f"{number}"} for number in range(170)]
    assert await all_records(reader(numbered, lambda: None)) == numbered


async def test_a_list_that_claims_to_be_endless_ends_where_the_records_do() -> None:
    numbered = [{"id": number} for number in range(170)]
    assert await all_records(reader(numbered, lambda: 10**12)) == numbered


async def test_two_readings_at_the_same_time_share_their_requests() -> None:
    async with deal_of(1000) as client:
        first, second = await at_once([lambda: names(client)] * 2)
        assert first == second == places(1000)
        assert len(client.requests) <= 22
