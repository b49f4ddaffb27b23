"""An answer counts for the question that it was given to, and for no other (protocol of 2026-07-28)."""

from __future__ import annotations

from typing import Any

import pytest
from bitrix24_commerce.sandbox import Portal
from mcp import Client, MCPError
from mcp_types import CallToolResult, ElicitResult, InputRequiredResult, InputResponses

from .clients import AGREES, Person, carried_out, client_of, writes_that_reached

pytestmark = pytest.mark.anyio

YES: InputResponses = {"confirm": ElicitResult(action="accept", content={"confirm": True})}


async def asked(client: Client, name: str, arguments: dict[str, Any]) -> str:
    """Make a call as far as the question, and give the state that an answer has to come with."""
    question = await client.session.call_tool(name, arguments, allow_input_required=True)
    assert isinstance(question, InputRequiredResult)
    assert question.request_state
    return question.request_state


async def answered(client: Client, name: str, arguments: dict[str, Any], state: str | None) -> object:
    return await client.session.call_tool(
        name, arguments, input_responses=YES, request_state=state, allow_input_required=True
    )


async def test_a_yes_with_its_question_carries_it_out(sandbox: Portal):
    async with client_of(sandbox.webhook_url(), person=Person(AGREES)) as client:
        state = await asked(client, "payment_delete", {"id": 1040})
        assert isinstance(await answered(client, "payment_delete", {"id": 1040}, state), CallToolResult)
    assert carried_out(sandbox) == ["crm.item.payment.delete"]


async def test_a_yes_that_nobody_asked_for_is_asked_for(sandbox: Portal):
    async with client_of(sandbox.webhook_url(), person=Person(AGREES)) as client:
        assert isinstance(await answered(client, "payment_delete", {"id": 1040}, None), InputRequiredResult)
    assert writes_that_reached(sandbox) == []


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("payment_delete", {"id": 1039}),
        ("payment_unpay", {"id": 1040}),
        ("productrow_delete", {"id": 17655}),
    ],
)
async def test_a_yes_to_one_question_is_none_to_another(sandbox: Portal, name: str, arguments: dict[str, Any]):
    async with client_of(sandbox.webhook_url(), person=Person(AGREES)) as client:
        state = await asked(client, "payment_delete", {"id": 1040})
        try:
            assert isinstance(await answered(client, name, arguments, state), InputRequiredResult)
        except MCPError as refusal:
            assert "requestState" in refusal.message
    assert writes_that_reached(sandbox) == []


async def test_a_forged_state_is_refused(sandbox: Portal):
    async with client_of(sandbox.webhook_url(), person=Person(AGREES)) as client:
        with pytest.raises(MCPError, match="requestState"):
            await answered(client, "payment_delete", {"id": 1040}, "x" * 64)
    assert writes_that_reached(sandbox) == []
