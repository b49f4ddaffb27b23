"""On the embedded portal every answer says so: results, failures, previews and questions (design §6)."""

from __future__ import annotations

from typing import Any

import pytest
from bitrix24_commerce.sandbox import Portal
from bitrix24_commerce.tools import OPERATIONS

from ..tools.test_results import CALLS
from .clients import AGREES, ERAS, Era, Person, client_of, content_of, failure_of, text_of
from .guarded_calls import GUARDED

pytestmark = pytest.mark.anyio

NOTE = "[sandbox: no real data]\n"


async def test_results(sandbox: Portal):
    async with client_of(sandbox.webhook_url(), sandbox=True) as client:
        for name in OPERATIONS:
            sandbox.reset()
            answer = await client.call_tool(name, CALLS[name])
            assert text_of(answer).startswith(NOTE), name
            assert content_of(answer)["sandbox"] is True, name


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("name", ["productrow_set", "payment_delete", "payment_unpay"])
async def test_previews_and_questions(sandbox: Portal, name: str, mode: Era):
    async with client_of(sandbox.webhook_url(), mode=mode, sandbox=True) as client:
        preview = await client.call_tool(name, GUARDED[name].arguments)
    assert text_of(preview).startswith(NOTE)
    assert content_of(preview)["sandbox"] is True

    person = Person("decline")
    async with client_of(sandbox.webhook_url(), mode=mode, person=person, sandbox=True) as client:
        declined = await client.call_tool(name, GUARDED[name].arguments)
    assert text_of(declined).startswith(NOTE)
    assert content_of(declined) == {"status": "declined", "sandbox": True}
    assert [question.startswith(NOTE) for question in person.asked] == [True]


@pytest.mark.parametrize("mode", ERAS)
async def test_a_question_that_is_put_again(sandbox: Portal, mode: Era):
    call = GUARDED["payment_delete"]
    person = Person(AGREES, "decline", meanwhile=lambda: call.disturb(sandbox))
    async with client_of(sandbox.webhook_url(), mode=mode, person=person, sandbox=True) as client:
        await client.call_tool("payment_delete", call.arguments)
    assert [question.startswith(NOTE) for question in person.asked] == [True, True]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("payment_get", {"id": 999999}),
        ("payment_get", {"nonsense": 1}),
        ("payment_delete", {"id": 1042}),
        ("nonsense", {}),
        ("payment_pay", {"id": 1037}),
    ],
)
async def test_failures(sandbox: Portal, name: str, arguments: dict[str, Any]):
    read_only = name == "payment_pay"
    async with client_of(sandbox.webhook_url(), sandbox=True, read_only=read_only) as client:
        assert failure_of(await client.call_tool(name, arguments)).startswith(NOTE)


async def test_the_instructions_say_so_too(sandbox: Portal):
    async with client_of(sandbox.webhook_url(), sandbox=True) as client:
        assert (client.instructions or "").startswith(NOTE)


async def test_a_real_portal_is_not_called_a_sandbox(sandbox: Portal):
    async with client_of(sandbox.webhook_url()) as client:
        answer = await client.call_tool("payment_get", {"id": 1036})
        assert "sandbox" not in (client.instructions or "")
    assert "sandbox" not in answer.model_dump_json()
