"""Read-only mode and toolsets: what is not offered is refused by name, and nothing reaches the portal."""

from __future__ import annotations

import pytest
from bitrix24_commerce.prompts import PROMPTS
from bitrix24_commerce.tools import OPERATIONS, TOOLSETS
from mcp import Client

from .clients import ERAS, Era, client_of, content_of, failure_of
from .scripted_portal import ScriptedPortal, result

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("mode", ERAS)]

WRITING = [name for name, each in OPERATIONS.items() if each.declaration.effect.writes]


async def tools_of(client: Client) -> set[str]:
    return {tool.name for tool in (await client.list_tools()).tools}


async def prompts_of(client: Client) -> set[str]:
    return {prompt.name for prompt in (await client.list_prompts()).prompts}


async def test_in_read_only_mode_no_tool_that_writes_is_listed(mode: Era):
    async with client_of("http://127.0.0.1:9/rest/1/abc/", mode=mode, read_only=True) as client:
        tools = (await client.list_tools()).tools
        assert {tool.name for tool in tools} == OPERATIONS.keys() - set(WRITING)
        assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools)
        assert await prompts_of(client) == set()


async def test_in_read_only_mode_a_write_called_by_name_is_refused_with_the_reason(mode: Era):
    portal = ScriptedPortal()
    async with portal.serve(), client_of(portal.webhook_url, mode=mode, read_only=True) as client:
        for name in WRITING:
            for arguments in ({"id": 1036, "confirm": True}, {}):
                assert failure_of(await client.call_tool(name, arguments)) == (
                    f"NOT_AVAILABLE: {name} is switched off: this server runs in read-only mode. "
                    "Nothing was changed. Next: Ask whoever runs this server."
                )
    assert portal.received == []


async def test_in_read_only_mode_reading_works(mode: Era):
    portal = ScriptedPortal({"crm.item.payment.list": result([])})
    async with portal.serve(), client_of(portal.webhook_url, mode=mode, read_only=True) as client:
        answer = await client.call_tool("payment_list", {"entityTypeId": 2, "entityId": 13142})
    assert content_of(answer) == {"payments": []}


@pytest.mark.parametrize("chosen", [*((each,) for each in TOOLSETS), ("productrow", "lookup")], ids="+".join)
async def test_toolsets(mode: Era, chosen: tuple[str, ...]):
    portal = ScriptedPortal()
    async with portal.serve(), client_of(portal.webhook_url, mode=mode, toolsets=frozenset(chosen)) as client:
        offered = await tools_of(client)
        assert offered == {name for name, each in OPERATIONS.items() if each.declaration.toolset in chosen}
        assert offered
        withheld = sorted(OPERATIONS.keys() - offered)[0]
        text = failure_of(await client.call_tool(withheld, {}))
        prompts = await prompts_of(client)
    assert text.startswith(f"NOT_AVAILABLE: {withheld} is switched off: its toolset ")
    assert text.endswith("Next: Ask whoever runs this server.")
    assert prompts == {prompt.name for prompt in PROMPTS if prompt.tools <= offered}
    assert portal.received == []


async def test_all_prompts_are_offered_when_all_tools_are(mode: Era):
    async with client_of("http://127.0.0.1:9/rest/1/abc/", mode=mode) as client:
        assert await prompts_of(client) == {prompt.name for prompt in PROMPTS}


@pytest.mark.parametrize(
    ("name", "following"),
    [
        ("payment_gte", "Similar ones: payment_get, payment_update, payment_delete."),
        ("crm.item.payment.get", "Similar ones: "),
        ("shutdown", "See the list of tools."),
    ],
)
async def test_a_tool_that_does_not_exist(mode: Era, name: str, following: str):
    async with client_of("http://127.0.0.1:9/rest/1/abc/", mode=mode) as client:
        text = failure_of(await client.call_tool(name, {}))
    start = f"UNKNOWN_TOOL: there is no tool '{name}'. Nothing was done. The same call again will fail again. Next: "
    assert text.startswith(start + following)
