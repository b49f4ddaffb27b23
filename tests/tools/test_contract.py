"""Every documented example, through a real MCP client, against an HTTP portal that answers as documented."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from mcp_types import ImageContent

from ..server.clients import ERAS, Era, client_of, content_of, text_of, writes
from ..server.scripted_portal import ScriptedPortal
from .documented import EXAMPLES, TOOLS, arguments_of, content_expected, documented_portal

pytestmark = pytest.mark.anyio


@pytest.fixture
async def portal() -> AsyncIterator[ScriptedPortal]:
    async with documented_portal().serve() as portal:
        yield portal


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("method", EXAMPLES)
async def test_the_documented_request_is_sent_and_its_answer_given(portal: ScriptedPortal, method: str, mode: Era):
    async with client_of(portal.webhook_url, mode=mode) as client:
        answer = await client.call_tool(TOOLS[method], arguments_of(method))

    assert portal.bodies(method) == [EXAMPLES[method]["request"]]
    assert content_of(answer) == content_expected(method)
    assert not [name for name, _ in portal.received if name != method and writes(name)]


def test_there_are_thirty():
    assert len(EXAMPLES) == 30


@pytest.mark.parametrize("method", [name for name in EXAMPLES if not writes(name)])
async def test_reading_takes_one_request(portal: ScriptedPortal, method: str):
    async with client_of(portal.webhook_url) as client:
        await client.call_tool(TOOLS[method], arguments_of(method))
    assert portal.received == [(method, EXAMPLES[method]["request"])]


async def test_set_delivery_looks_whether_the_delivery_exists_before_it_sends(portal: ScriptedPortal):
    method = "crm.item.payment.delivery.setDelivery"
    async with client_of(portal.webhook_url) as client:
        await client.call_tool(TOOLS[method], arguments_of(method))
    methods = [name for name, _ in portal.received]
    assert methods.index("crm.item.delivery.get") < methods.index(method)


async def test_the_qr_code_comes_as_an_image_and_nowhere_else(portal: ScriptedPortal):
    method = "salescenter.payment.getPublicUrl"
    qr = EXAMPLES[method]["response"]["result"]["payment"]["qr"]
    async with client_of(portal.webhook_url) as client:
        without = await client.call_tool(TOOLS[method], {"id": 1063})
        with_qr = await client.call_tool(TOOLS[method], {"id": 1063, "includeQr": True})

    assert qr not in without.model_dump_json()
    assert content_of(with_qr) == content_of(without) == content_expected(method)
    assert text_of(with_qr) == text_of(without)
    (image,) = [each for each in with_qr.content if isinstance(each, ImageContent)]
    assert (image.data, image.mime_type) == (qr, "image/png")
