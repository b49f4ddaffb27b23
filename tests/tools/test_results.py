"""Every answer's structured content is what the tool's output schema says, on a portal of either generation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from bitrix24_commerce.sandbox import Portal
from bitrix24_commerce.tools import OPERATIONS
from jsonschema import Draft202012Validator
from mcp import Client

from ..conftest import serving_shop
from ..server.clients import AGREES, Person, client_of, content_of, failure_of, text_of
from ..server.guarded_calls import GUARDED
from .documented import TOOLS, arguments_of

pytestmark = pytest.mark.anyio

LOOK_UPS: dict[str, dict[str, Any]] = {
    "deal_list": {"filter": {"%TITLE": "chairs"}},
    "invoice_list": {},
    "item_list": {"entityTypeId": 31, "select": ["*"]},
}
CALLS = {tool: arguments_of(method) for method, tool in TOOLS.items() if tool not in LOOK_UPS} | LOOK_UPS
CALLS["orderentity_add"] = {"orderId": 5125, "ownerId": 6937, "ownerTypeId": 2, "confirm": True}
CALLS["payment_product_add"] = {"paymentId": 1040, "rowId": 17587, "quantity": 2}


@pytest.fixture(scope="module", params=["classic", "current"])
async def served(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Portal, Client]]:
    async with serving_shop(profile=request.param) as portal, client_of(portal.webhook_url()) as client:
        yield portal, client


async def check(client: Client, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """The structured content of a call, which the listed schema of the tool takes; the text is not empty."""
    answer = await client.call_tool(name, arguments)
    (schema,) = [tool.output_schema for tool in (await client.list_tools()).tools if tool.name == name]
    assert schema
    validator: Any = Draft202012Validator(schema)
    assert [problem.message for problem in validator.iter_errors(content_of(answer))] == []
    assert text_of(answer).strip()
    return content_of(answer)


@pytest.mark.parametrize("name", OPERATIONS)
async def test_of_every_tool(served: tuple[Portal, Client], name: str):
    portal, client = served
    portal.reset()
    content = await check(client, name, CALLS[name])
    assert content.get("status", "done") == "done"
    schema = OPERATIONS[name].output_schema
    assert content.keys() <= schema["properties"].keys()
    assert content.keys() >= set(schema["required"])


@pytest.mark.parametrize("name", GUARDED)
async def test_of_a_tool_that_is_not_carried_out(sandbox: Portal, name: str):
    async with client_of(sandbox.webhook_url()) as client:
        assert (await check(client, name, GUARDED[name].arguments))["status"] == "confirmation_required"
    async with client_of(sandbox.webhook_url(), person=Person("decline", AGREES)) as client:
        assert await check(client, name, GUARDED[name].arguments) == {"status": "declined"}
        assert (await check(client, name, GUARDED[name].arguments))["status"] == "done"


async def test_fields_that_a_portal_does_not_send_are_not_invented(sandbox: Portal):
    async with client_of(sandbox.webhook_url()) as client:
        read = await check(client, "productrow_get", {"id": 17622})
        added = await check(client, "productrow_add", {"ownerType": "D", "ownerId": 13142, "productId": 9621})
        deals = await check(client, "item_list", {"entityTypeId": 2, "select": ["id"], "filter": {"id": 13142}})
    assert "taxName" not in read["productRow"]
    assert "storeId" in read["productRow"]
    assert "storeId" not in added["productRow"]
    assert deals["items"] == [{"id": 13142}]


async def test_a_row_that_the_payment_holds_already_is_a_failure_where_the_portal_adds_nothing():
    async with serving_shop(profile="current") as portal, client_of(portal.webhook_url()) as client:
        answer = await client.call_tool("payment_product_add", {"paymentId": 1039, "rowId": 17587, "quantity": 2})
    assert failure_of(answer) == (
        "ALREADY_IN_PAYMENT: payment 1039 already holds row 17587; the portal added nothing. Nothing was changed. "
        "The same call again will fail again. Next: Change the item's quantity with payment_product_set_quantity."
    )


async def test_a_text_says_what_a_next_step_needs(sandbox: Portal):
    async with client_of(sandbox.webhook_url()) as client:

        async def said(name: str, **arguments: Any) -> str:
            return text_of(await client.call_tool(name, arguments))

        payment = content_of(await client.call_tool("payment_add", {"entityTypeId": 2, "entityId": 13126}))["id"]
        assert "33747" in await said("payment_list", entityTypeId=2, entityId=13126)
        added = await said("payment_product_add", paymentId=payment, rowId=17587, quantity=2)
        assert f"Payment {payment} no. 3655/3 is now 31800.00 USD." in added
        assert f"{payment}\t" in await said("payment_list", entityTypeId=2, entityId=13126)
        assert "6" in await said("productrow_get_available_for_payment", ownerType="D", ownerId=13126)
        assert "http" in await said("payment_get_public_url", id=payment)


async def test_amounts_of_objects_are_numbers(sandbox: Portal):
    async with client_of(sandbox.webhook_url()) as client:
        answer = await client.call_tool("item_list", {"entityTypeId": 31, "select": ["opportunity"]})
    assert [each["opportunity"] for each in content_of(answer)["items"]] == [478, 1380, 223.15, 1190]


async def test_a_field_that_no_object_has_is_told(sandbox: Portal):
    async with client_of(sandbox.webhook_url()) as client:
        call = {"entityTypeId": 2, "filter": {"id": 13142}}
        some = await client.call_tool("item_list", {**call, "select": ["id", "TITLE", "sum"]})
        none = await client.call_tool("item_list", {**call, "select": ["nothing"]})
        usual = await client.call_tool("item_list", call)
        nobody = await client.call_tool("item_list", {**call, "filter": {"id": 1}, "select": ["sum"]})
    assert text_of(some) == "1 of 1 objects\nno object has a field TITLE, sum\nid\n13142"
    assert text_of(none) == "1 of 1 objects\nno object has a field nothing"
    assert "no object has" not in text_of(usual) + text_of(nobody)


async def test_descriptions_of_fields_say_what_may_be_written(sandbox: Portal):
    async with client_of(sandbox.webhook_url()) as client:
        bindings = text_of(await client.call_tool("orderentity_get_fields", {}))
        rows = text_of(await client.call_tool("productrow_fields", {}))
    assert bindings.splitlines()[0] == "all: type integer, write required immutable"
    assert rows.splitlines()[:2] == ["field\ttype\twrite\ttitle", "id\tinteger\tread-only\tID"]


async def test_empty_lists_say_so(sandbox: Portal):
    async with client_of(sandbox.webhook_url()) as client:

        async def said(name: str, **arguments: Any) -> str:
            return text_of(await client.call_tool(name, arguments))

        assert await said("payment_list", entityTypeId=2, entityId=13143) == "no payments"
        assert await said("payment_product_list", paymentId=1036) == "no product items"
        assert await said("payment_delivery_list", paymentId=1036) == "no delivery items"
        assert (await said("delivery_list", entityTypeId=2, entityId=13143)).startswith(("no ", "0 "))
        assert (await said("orderentity_list", filter={"=orderId": 1})).startswith(("no ", "0 "))
        assert (await said("item_list", entityTypeId=2, filter={"id": 1})).startswith(("no ", "0 "))
