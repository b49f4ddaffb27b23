"""The server as hosts start it: the real command, over stdio, in both eras."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TextIO

import pytest
from bitrix24_commerce.sandbox import Portal
from mcp import Client, StdioServerParameters, stdio_client

from .clients import AGREES, ERAS, Era, Person, carried_out, content_of, failure_of, text_of
from .scripted_portal import CODE, ScriptedPortal

pytestmark = pytest.mark.anyio

COMMAND = str(Path(sys.executable).parent / "bitrix24-commerce-mcp")


@asynccontextmanager
async def started(
    *arguments: str, mode: Era, person: Person | None = None, errors: TextIO, **settings: str
) -> AsyncGenerator[Client]:
    parameters = StdioServerParameters(command=COMMAND, args=list(arguments), env=settings)
    transport = stdio_client(parameters, errlog=errors)
    async with Client(transport, mode=mode, elicitation_callback=person) as client:
        yield client


@pytest.fixture
def errors(tmp_path: Path) -> Iterator[TextIO]:
    with (tmp_path / "stderr").open("w+", encoding="utf-8") as file:
        yield file


def told(errors: TextIO) -> str:
    errors.seek(0)
    return errors.read()


@pytest.mark.parametrize("mode", ERAS)
async def test_the_sandbox(mode: Era, errors: TextIO):
    person = Person("decline", AGREES)
    async with started("--sandbox", mode=mode, person=person, errors=errors) as client:
        assert len((await client.list_tools()).tools) == 33
        rows = await client.call_tool("productrow_list", {"ownerType": "deal", "ownerId": 13142})
        assert text_of(rows).startswith("[sandbox: no real data]\n3 of 3 product rows\n")

        declined = await client.call_tool("payment_delete", {"id": 1040})
        assert content_of(declined)["status"] == "declined"
        done = await client.call_tool("payment_delete", {"id": 1040})
        assert content_of(done)["status"] == "done"
        assert "Payment has not been found" in failure_of(await client.call_tool("payment_get", {"id": 1040}))
    assert len(person.asked) == 2
    assert told(errors) == ""


@pytest.mark.parametrize("mode", ERAS)
async def test_a_portal_behind_a_webhook(sandbox: Portal, mode: Era, errors: TextIO):
    url = sandbox.webhook_url()
    async with started(mode=mode, errors=errors, BITRIX24_WEBHOOK_URL=url, BITRIX24_PLAN="self-hosted") as client:
        asked = await client.call_tool("payment_unpay", {"id": 1036})
        assert content_of(asked)["status"] == "confirmation_required"
        assert carried_out(sandbox) == []
        done = await client.call_tool("payment_unpay", {"id": 1036, "confirm": True})
        assert content_of(done) == {"status": "done", "done": True}
    assert carried_out(sandbox) == ["crm.item.payment.unpay"]
    assert told(errors) == ""


async def test_options(errors: TextIO):
    async with started("--sandbox", "--read-only", "--toolsets", "payment", mode="auto", errors=errors) as client:
        tools = {tool.name for tool in (await client.list_tools()).tools}
    assert tools == {"payment_get", "payment_list", "payment_get_public_url"}
    assert told(errors) == ""


async def test_a_portal_that_fails_leaves_the_server_running_and_no_secret_on_stderr(errors: TextIO):
    async with ScriptedPortal().serve() as portal:
        url = portal.webhook_url
    async with started(mode="auto", errors=errors, BITRIX24_WEBHOOK_URL=url) as client:
        for _ in range(2):
            text = failure_of(await client.call_tool("payment_get", {"id": 1036}))
            assert text.startswith("UNREACHABLE: ")
            assert CODE not in text
        assert len((await client.list_tools()).tools) == 33
    assert CODE not in told(errors)
    assert "Traceback" not in told(errors)
