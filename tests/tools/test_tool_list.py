"""The list of tools as a host gets it: names, annotations, and schemas that every host understands (design §3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import pytest
from mcp_types import Tool

from ..server.clients import ERAS, Era, client_of
from ..server.scripted_portal import ScriptedPortal

pytestmark = pytest.mark.anyio

TABLE = """
crm.item.productrow.add                    productrow_add                          create
crm.item.productrow.update                 productrow_update                       change
crm.item.productrow.get                    productrow_get                          read
crm.item.productrow.set                    productrow_set                          replace  guarded
crm.item.productrow.list                   productrow_list                         read
crm.item.productrow.getAvailableForPayment productrow_get_available_for_payment    read
crm.item.productrow.delete                 productrow_delete                       remove   guarded
crm.item.productrow.fields                 productrow_fields                       read
crm.orderentity.add                        orderentity_add                         create   guarded
crm.orderentity.list                       orderentity_list                        read
crm.orderentity.deleteByFilter             orderentity_delete_by_filter            remove   guarded
crm.orderentity.getFields                  orderentity_get_fields                  read
crm.item.payment.add                       payment_add                             create
crm.item.payment.update                    payment_update                          change   guarded
crm.item.payment.get                       payment_get                             read
crm.item.payment.list                      payment_list                            read
crm.item.payment.delete                    payment_delete                          remove   guarded
crm.item.payment.pay                       payment_pay                             money
crm.item.payment.unpay                     payment_unpay                           money    guarded
salescenter.payment.getPublicUrl           payment_get_public_url                  read
crm.item.payment.product.add               payment_product_add                     create
crm.item.payment.product.list              payment_product_list                    read
crm.item.payment.product.delete            payment_product_delete                  remove   guarded
crm.item.payment.product.setQuantity       payment_product_set_quantity            replace  guarded
crm.item.payment.delivery.add              payment_delivery_add                    create
crm.item.payment.delivery.list             payment_delivery_list                   read
crm.item.payment.delivery.delete           payment_delivery_delete                 remove   guarded
crm.item.payment.delivery.setDelivery      payment_delivery_set_delivery           replace  guarded
crm.item.delivery.get                      delivery_get                            read
crm.item.delivery.list                     delivery_list                           read
crm.deal.list                              deal_list                               read
crm.invoice.list                           invoice_list                            read
crm.item.list                              item_list                               read
"""
"""design §3, and `item_list` of issue 2 §3."""
ROWS = [line.split() for line in TABLE.strip().splitlines()]
IDEMPOTENT = {"productrow_update", "productrow_set", "payment_update", "payment_pay", "payment_unpay"} | {
    *("payment_product_set_quantity", "payment_delivery_add", "payment_delivery_set_delivery"),
}
"""Writes that leave the same state when repeated (facts.md §3.5)."""


Tools = dict[str, Tool]


async def listed(mode: Era) -> Tools:
    portal = ScriptedPortal()
    async with portal.serve(), client_of(portal.webhook_url, mode=mode) as client:
        tools = (await client.list_tools()).tools
    assert portal.received == []
    assert len({tool.name for tool in tools}) == len(tools)
    return {tool.name: tool for tool in tools}


@pytest.fixture(scope="module")
async def tools() -> Tools:
    return await listed("auto")


@pytest.mark.parametrize("mode", ERAS)
async def test_every_method_has_its_tool(mode: Era):
    tools = await listed(mode)
    methods = {name: (tool.meta or {}).get("bitrix24/method") for name, tool in tools.items()}
    assert methods == {name: method for method, name, *_ in ROWS}
    for name, tool in tools.items():
        assert f"({methods[name]})" in (tool.description or "")


async def test_annotations_follow_from_what_a_tool_does(tools: Tools):
    for _, name, effect, *guarded in ROWS:
        annotations = tools[name].annotations
        assert annotations
        found = (annotations.read_only_hint, annotations.destructive_hint, annotations.idempotent_hint)
        destructive = effect not in ("read", "create") or bool(guarded)
        assert found == (effect == "read", destructive, effect == "read" or name in IDEMPOTENT), name


async def test_only_guarded_tools_take_confirm_and_only_creating_ones_a_request_id(tools: Tools):
    for _, name, effect, *guarded in ROWS:
        properties = tools[name].input_schema["properties"]
        assert ("confirm" in properties) == bool(guarded), name
        assert ("requestId" in properties) == (effect == "create"), name


async def test_invoice_list_says_that_it_knows_old_invoices_only(tools: Tools):
    description = tools["invoice_list"].description or ""
    assert "OLD invoices" in description
    assert "item_list with entityTypeId 31" in description


def nodes(schema: object, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema inside a schema, with where it stands."""
    if isinstance(schema, list):
        for index, each in enumerate(cast("list[object]", schema)):
            yield from nodes(each, f"{path}[{index}]")
    elif isinstance(schema, dict):
        node = cast("dict[str, Any]", schema)
        yield path, node
        for key, value in node.items():
            if key != "required":
                yield from nodes(value, f"{path}.{key}")


@pytest.mark.parametrize("name", [name for _, name, *_ in ROWS])
async def test_input_schemas_hold_nothing_that_some_host_does_not_understand(tools: Tools, name: str):
    schema = tools[name].input_schema
    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False
    assert schema["properties"].keys() >= set(schema.get("required", []))
    for path, node in nodes(schema):
        if path.endswith("properties"):
            continue
        unwanted = {"$ref", "$defs", "title", "const", "anyOf", "oneOf", "allOf", "prefixItems", "exclusiveMinimum"}
        assert not unwanted & node.keys(), path
        assert node.get("type") != "null", path
        assert isinstance(node.get("type"), str), path
        if node["type"] == "array":
            assert node["items"], path


@pytest.mark.parametrize("name", [name for _, name, *_ in ROWS])
async def test_every_argument_is_described_in_a_line(tools: Tools, name: str):
    tool = tools[name]
    assert tool.description
    assert len(tool.description) < 250
    for argument, schema in tool.input_schema["properties"].items():
        if schema["type"] != "object":
            assert 3 < len(schema["description"]) < 120, argument
            assert "\n" not in schema["description"], argument


@pytest.mark.parametrize("name", [name for _, name, *_ in ROWS])
async def test_output_schemas_are_real(tools: Tools, name: str):
    schema = tools[name].output_schema
    assert schema
    assert schema["type"] == "object"
    assert schema["properties"]
    assert not [path for path, node in nodes(schema) if "$ref" in node or "$defs" in node]
    assert all(node for path, node in nodes(schema["properties"]) if not path.endswith("properties"))
