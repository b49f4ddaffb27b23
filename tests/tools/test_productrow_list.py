"""productrow_list gives what was asked for, also on portals that ignore most conditions (facts.md §7.5)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from bitrix24_commerce.sandbox import Portal
from mcp import Client

from ..conftest import serving_shop
from ..server.clients import client_of, content_of, text_of
from ..server.scripted_portal import ScriptedPortal, result

pytestmark = pytest.mark.anyio

DEAL = {"ownerType": "D", "ownerId": 13143}
SENT: list[dict[str, Any]] = [
    {"productName": f"Line {number}", "price": number * 37 % 131, "quantity": 1 + number % 3, "sort": 10 * number}
    for number in range(130)
]
"""130 rows whose prices are all different and in no order."""


@pytest.fixture(scope="module", params=["classic", "current"])
async def portal(request: pytest.FixtureRequest) -> AsyncIterator[Portal]:
    async with serving_shop(profile=request.param) as portal:
        portal.call("crm.item.productrow.set", {**DEAL, "productRows": SENT})
        yield portal


@pytest.fixture(scope="module")
async def client(portal: Portal) -> AsyncIterator[Client]:
    async with client_of(portal.webhook_url()) as client:
        yield client


async def listed(client: Client, **arguments: Any) -> tuple[list[str], int | None, int | None]:
    """The names of the rows of one page, the total and where the next page begins."""
    content = content_of(await client.call_tool("productrow_list", {**DEAL, **arguments}))
    return [row["productName"] for row in content["productRows"]], content.get("total"), content.get("next")


async def test_the_pages_of_everything(client: Client):
    names = [row["productName"] for row in SENT]
    assert await listed(client) == (names[:50], 130, 50)
    assert await listed(client, start=50) == (names[50:100], 130, 100)
    assert await listed(client, start=100) == (names[100:], 130, None)
    assert await listed(client, start=150) == ([], 130, None)


async def test_a_start_between_two_pages_is_rounded_down_as_on_the_portal(client: Client):
    assert await listed(client, start=99) == await listed(client, start=50)
    assert await listed(client, start=99, filter={">=price": 0}) == await listed(client, start=50)


@pytest.mark.parametrize("threshold", [10, 60, 129, 1000])
async def test_a_condition_on_the_price_is_kept_and_the_total_is_true(client: Client, threshold: int):
    names = [row["productName"] for row in SENT if row["price"] > threshold]
    following = 50 if len(names) > 50 else None
    assert await listed(client, filter={">price": threshold}) == (names[:50], len(names), following)


async def test_pages_of_a_condition(client: Client):
    names = [row["productName"] for row in SENT if row["price"] >= 20]
    asked = {"filter": {">=price": 20}}
    pages = [await listed(client, **asked, start=start) for start in (0, 50, 100)]
    assert pages == [
        (names[:50], len(names), 50),
        (names[50:100], len(names), 100),
        (names[100:], len(names), None),
    ]


@pytest.mark.parametrize("direction", ["asc", "desc"])
async def test_an_order_by_price_is_kept_over_all_pages(client: Client, direction: str):
    by_price = sorted(SENT, key=lambda row: row["price"], reverse=direction == "desc")
    names = [row["productName"] for row in by_price]
    pages = [await listed(client, order={"price": direction}, start=start) for start in (0, 50, 100)]
    assert pages == [(names[:50], 130, 50), (names[50:100], 130, 100), (names[100:], 130, None)]


async def test_several_conditions_and_orders_together(client: Client):
    matching = [row for row in SENT if row["quantity"] == 2 and row["price"] < 100]
    matching.sort(key=lambda row: row["price"], reverse=True)
    names = [row["productName"] for row in matching]
    asked = {"filter": {"quantity": 2, "<price": 100}, "order": {"quantity": "asc", "price": "desc"}}
    assert await listed(client, **asked) == (names[:50], len(names), None if len(names) <= 50 else 50)


@pytest.mark.parametrize(
    ("filter", "count"),
    [
        ({"%productName": "line 12"}, 11),
        ({"productName": "Line 7"}, 1),
        ({"@price": [0, 37, 74]}, 3),
        ({"!quantity": 1}, 86),
        ({"productId": 0}, 130),
        ({"!@sort": [0, 10]}, 128),
    ],
    ids=str,
)
async def test_other_conditions(client: Client, filter: dict[str, Any], count: int):
    names, total, _ = await listed(client, filter=filter)
    assert (len(names), total) == (min(count, 50), count)


async def test_what_the_portal_honours_takes_one_request(portal: Portal, client: Client):
    before = portal.journal.requests
    ids = [row["id"] for row in content_of(await client.call_tool("productrow_list", DEAL))["productRows"]]
    names, total, following = await listed(client, filter={"@id": ids[:3]}, order={"id": "desc"})
    assert (names, total, following) == (["Line 2", "Line 1", "Line 0"], 3, None)
    assert portal.journal.requests - before == 2


async def test_the_text_says_how_many_and_where_to_go_on(client: Client):
    text = text_of(await client.call_tool("productrow_list", {**DEAL, "filter": {">=price": 20}}))
    assert text.splitlines()[0] == "50 of 110 product rows; more with start=50"


async def test_a_portal_that_ignores_even_a_condition_on_the_id():
    rows = [{"id": id, "ownerId": 13143, "ownerType": "D", "productName": f"Line {id}"} for id in (1, 2, 3)]
    ignoring = ScriptedPortal({"crm.item.productrow.list": result({"productRows": rows}, total=3)})
    async with ignoring.serve(), client_of(ignoring.webhook_url) as client:
        content = content_of(await client.call_tool("productrow_list", {**DEAL, "filter": {">id": 1}}))
    assert [row["id"] for row in content["productRows"]] == [2, 3]
    assert content["total"] == 2
