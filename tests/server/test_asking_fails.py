"""A host that says it can ask its user and then cannot: the assistant gets the preview, as where nobody can ask."""

from __future__ import annotations

import pytest
from bitrix24_commerce.sandbox import Portal
from mcp.client import ClientRequestContext
from mcp_types import INTERNAL_ERROR, ElicitRequestParams, ErrorData

from .clients import client_of, content_of, writes_that_reached
from .guarded_calls import GUARDED

pytestmark = pytest.mark.anyio


async def no_window(context: ClientRequestContext, params: ElicitRequestParams) -> ErrorData:
    return ErrorData(code=INTERNAL_ERROR, message="no window to ask in")


@pytest.mark.parametrize("name", GUARDED)
async def test_the_preview_comes_back(sandbox: Portal, name: str):
    async with client_of(sandbox.webhook_url(), mode="legacy", person=no_window) as client:
        answer = await client.call_tool(name, GUARDED[name].arguments)
    assert content_of(answer)["status"] == "confirmation_required"
    assert content_of(answer)["preview"]["changes"]
    assert writes_that_reached(sandbox) == []
