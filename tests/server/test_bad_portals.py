"""A portal that cannot be reached or answers with anything but a result: words, and the server goes on."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping

import pytest
from bitrix24_commerce.sandbox import Portal
from inline_snapshot import external_file
from mcp import Client

from ..tools.documented import documented_portal
from .clients import carried_out, client_of, content_of, failure_of
from .scripted_portal import CODE, ScriptedPortal, result
from .troubles import BROKEN, LIMITS, MISSHAPEN, REDIRECTS, REFUSALS, UNREADABLE, Answer

pytestmark = pytest.mark.anyio

PAYMENT = {"id": 1036, "paid": "N", "sum": 0, "currency": "USD", "accountNumber": "3653/1"}
ALL: Mapping[str, Answer] = {**UNREADABLE, **REDIRECTS, **REFUSALS, **LIMITS, **BROKEN, **MISSHAPEN}
NEWS = r"(?:\n\([A-Z].+\.\))*"
"""What was told on the way to the answer, a line each."""
AGAIN = r"(?:Trying again later can help|The same call again will fail again)\."
READ = re.compile(rf"\w+: .+?[.!?] Nothing was read\. {AGAIN} Next: [A-Z].+\.{NEWS}")
NOT_DONE = re.compile(rf"\w+: .+?[.!?] Nothing was changed\. {AGAIN} Next: [A-Z].+\.{NEWS}")
UNKNOWN = re.compile(
    r"OUTCOME_UNKNOWN: .+?[.!?] payment_pay may or may not have been carried out\."
    rf" Do not repeat it before you know\. Next: [A-Z].+\.{NEWS}"
)


async def read(portal: ScriptedPortal, client: Client, trouble: Answer) -> str:
    """What the model reads when the portal answers a read like this; afterwards the same server works on."""
    portal.otherwise = trouble
    text = failure_of(await client.call_tool("payment_get", {"id": 1036}))
    portal.otherwise = result(PAYMENT)
    assert content_of(await client.call_tool("payment_get", {"id": 1036})) == {"payment": PAYMENT}
    return text


@pytest.mark.parametrize("name", ALL)
async def test_a_read_fails_in_words_and_the_server_goes_on(name: str, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    portal = ScriptedPortal()
    async with portal.serve(), client_of(portal.webhook_url, hasty=True) as client:
        text = await read(portal, client, ALL[name])
    assert READ.fullmatch(text), text
    assert "html" not in text.replace("an HTML page", "")
    assert CODE not in text + caplog.text
    assert "Traceback" not in text + caplog.text


@pytest.mark.parametrize("name", [*UNREADABLE, *BROKEN])
async def test_a_read_whose_answer_was_lost_can_be_tried_again(name: str):
    portal = ScriptedPortal()
    async with portal.serve(), client_of(portal.webhook_url, hasty=True) as client:
        assert "Trying again later can help." in await read(portal, client, ALL[name])


async def test_how_they_read():
    portal = ScriptedPortal()
    async with portal.serve(), client_of(portal.webhook_url, hasty=True) as client:
        lines = [f"{name}\n    {await read(portal, client, trouble)}" for name, trouble in ALL.items()]
    assert "\n".join([*lines, ""]) == external_file("bad_portals.txt")


@pytest.mark.parametrize("name", [*REFUSALS, *LIMITS, *REDIRECTS])
async def test_a_write_that_was_turned_away_was_not_carried_out(name: str):
    portal = ScriptedPortal(otherwise=result(PAYMENT))
    portal.script["crm.item.payment.pay"] = ALL[name]
    async with portal.serve(), client_of(portal.webhook_url, hasty=True) as client:
        text = failure_of(await client.call_tool("payment_pay", {"id": 1036}))
    assert NOT_DONE.fullmatch(text), text
    assert ("Trying again later can help" in text) == (name in LIMITS)
    assert CODE not in text


@pytest.mark.parametrize("name", [*UNREADABLE, *BROKEN])
async def test_a_write_whose_answer_is_lost_and_that_cannot_be_read_back_is_unknown(name: str):
    portal = ScriptedPortal()
    portal.otherwise = lambda: (ALL[name] if portal.bodies("crm.item.payment.pay") else result(PAYMENT))()
    async with portal.serve(), client_of(portal.webhook_url, hasty=True) as client:
        text = failure_of(await client.call_tool("payment_pay", {"id": 1036}))
        portal.otherwise = result(PAYMENT)
        content_of(await client.call_tool("payment_get", {"id": 1036}))
    assert UNKNOWN.fullmatch(text), text
    assert len(portal.bodies("crm.item.payment.pay")) == 1
    assert CODE not in text


@pytest.mark.parametrize("name", [*UNREADABLE, *BROKEN])
async def test_a_write_whose_answer_is_lost_but_whose_effect_is_seen_was_carried_out(name: str):
    portal = ScriptedPortal({"crm.item.payment.pay": ALL[name]})
    portal.otherwise = lambda: result({**PAYMENT, "paid": "Y" if portal.bodies("crm.item.payment.pay") else "N"})()
    async with portal.serve(), client_of(portal.webhook_url, hasty=True) as client:
        answer = await client.call_tool("payment_pay", {"id": 1036})
    assert content_of(answer) == {"done": True}
    assert len(portal.bodies("crm.item.payment.pay")) == 1


async def test_a_create_that_gives_no_id_is_unknown():
    portal = documented_portal()
    portal.script["crm.item.payment.add"] = result(True)
    async with portal.serve(), client_of(portal.webhook_url, hasty=True) as client:
        text = failure_of(await client.call_tool("payment_add", {"entityTypeId": 2, "entityId": 13123}))
    assert "UNEXPECTED_RESULT: crm.item.payment.add gave no id." in text
    assert "OUTCOME UNKNOWN: payment_add may or may not have been carried out." in text


@pytest.mark.parametrize(("tool", "done"), [("payment_get", "read"), ("payment_pay", "changed")])
async def test_nobody_listens_at_the_portals_address(tool: str, done: str):
    async with ScriptedPortal().serve() as portal:
        url = portal.webhook_url
    async with client_of(url, hasty=True) as client:
        text = failure_of(await client.call_tool(tool, {"id": 1036}))
        assert len((await client.list_tools()).tools) == 33
    assert re.fullmatch(
        rf"UNREACHABLE: http://127\.0\.0\.1:\d+ cannot be reached \(.+\)\. Nothing was {done}\. "
        r"Trying again later can help\. Next: Check the portal's address and the network, then call again\.",
        text,
    )
    assert CODE not in text


async def test_a_portal_that_hangs_up_on_a_read(sandbox: Portal):
    sandbox.faults.add("reset", "crm.item.payment.get", times=2)
    async with client_of(sandbox.webhook_url(), hasty=True) as client:
        text = failure_of(await client.call_tool("payment_get", {"id": 1036}))
        content_of(await client.call_tool("payment_get", {"id": 1036}))
    assert READ.fullmatch(text), text
    assert text.startswith("NO_REPLY: the connection broke")


async def test_a_portal_that_hangs_up_once_it_has_carried_out_a_write(sandbox: Portal):
    sandbox.faults.add("reply_lost", "crm.item.payment.pay")
    async with client_of(sandbox.webhook_url(), hasty=True) as client:
        answer = await client.call_tool("payment_pay", {"id": 1037})
    assert content_of(answer) == {"done": True}
    assert carried_out(sandbox) == ["crm.item.payment.pay"]
