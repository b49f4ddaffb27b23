"""`bitrix24-commerce-mcp demo`: a person talks, an assistant works on a deal, and every call and answer is shown.

The assistant is played; the MCP client, the server and the embedded portal are the real ones.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import closing
from typing import Any

import anyio
from mcp import Client
from mcp_types import TextContent

from ..sandbox import Portal as SandboxPortal
from .app import CommerceServer
from .connecting import portal_opener
from .demo_terminal import Terminal
from .settings import Settings
from .tool import SANDBOX_NOTE

_DEAL = 13142
_OWNER: dict[str, Any] = {"ownerType": "D", "ownerId": _DEAL}
_ENTITY: dict[str, Any] = {"entityTypeId": 2, "entityId": _DEAL}
_INTRODUCTION = (
    "An assistant works on a deal, on the embedded portal: no account is needed, no data is real.",
    "After each → stands a tool call as an assistant makes it, and below it the answer that it reads.",
)
_CLOSING = "To try it with your own assistant, connect it to `bitrix24-commerce-mcp --sandbox`: the README says how."


class DemoFailed(Exception):
    """A call did not give what the story needs."""


def run(portal: SandboxPortal | None = None) -> int:
    """Tell the story on this portal, or on a new one; 1 when a call fails, which is then the last one shown."""
    gc.enable()
    with closing(portal or SandboxPortal()) as stage:
        return anyio.run(_tell, Terminal(), stage)


async def _tell(terminal: Terminal, portal: SandboxPortal) -> int:
    settings = Settings(sandbox=True)
    async with Client(CommerceServer(settings, portal_opener(settings, lambda: portal))) as client:
        try:
            await _Story(client, terminal).tell()
        except DemoFailed as failure:
            terminal.text(f"The demo stops here: {failure}")
            return 1
        except BrokenPipeError:
            # Whoever read this has seen enough. What the buffer still holds goes nowhere, or the exit would complain.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


class _Story:
    """The conversation, from the first question to the last answer."""

    def __init__(self, client: Client, terminal: Terminal) -> None:
        self._client = client
        self._terminal = terminal

    async def tell(self) -> None:
        for sentence in _INTRODUCTION:
            self._terminal.text(sentence)
        before = await self._look_at_the_deal()
        await self._add_a_row(before)
        payment = await self._bill()
        await self._pay_and_unpay(payment)
        await self._preview_other_rows()
        await self._delete(payment)
        self._terminal.person("How does the deal stand now?")
        await self._show_the_deal()
        self._terminal.text("")
        self._terminal.text(_CLOSING)

    async def _look_at_the_deal(self) -> dict[str, Any]:
        self._terminal.person("What is in the phones deal of Harbour Design Studio?")
        found = await self._call("item_list", entityTypeId=2, filter={"%title": "Harbour Design"}, select=_SELECTED)
        if [each["id"] for each in found["items"]] != [_DEAL]:
            raise DemoFailed(f"deal {_DEAL} is not there")
        await self._call("productrow_list", **_OWNER)
        await self._call("payment_list", **_ENTITY)
        return found["items"][0]

    async def _add_a_row(self, before: dict[str, Any]) -> None:
        self._terminal.person("Add two iphone 14, list price 100000, with 20 % discount and 20 % tax included.")
        row = {"productId": 9621, "quantity": 2, "price": 80000, "discountTypeId": 2, "discountRate": 20}
        await self._call("productrow_add", **_OWNER, **row, taxRate=20, taxIncluded="Y")
        after = (await self._call("item_list", entityTypeId=2, filter={"id": _DEAL}, select=_SELECTED))["items"][0]
        change = f"{before['opportunity']} → {after['opportunity']} {after['currencyId']}"
        self._terminal.text(f"The deal's total moved: {change}")

    async def _bill(self) -> int:
        self._terminal.person("Bill everything that is not billed yet, and give me the link for the customer.")
        rows = (await self._call("productrow_get_available_for_payment", **_OWNER))["productRows"]
        payment = (await self._call("payment_add", **_ENTITY))["id"]
        for row in rows:
            await self._call("payment_product_add", paymentId=payment, rowId=row["id"], quantity=row["quantity"])
        link = await self._call("payment_get_public_url", id=payment, includeQr=True)
        self._terminal.qr_code(link["payment"]["shortUrl"])
        return payment

    async def _pay_and_unpay(self, payment: int) -> None:
        self._terminal.person("The money has arrived.")
        await self._call("payment_pay", id=payment)
        await self._call("payment_get", id=payment)
        self._terminal.person("Sorry, that was another customer. Set it back.")
        await self._refused("payment_unpay", id=payment)
        self._terminal.person("Yes.")
        await self._call("payment_unpay", id=payment, confirm=True)

    async def _preview_other_rows(self) -> None:
        self._terminal.person("They may want a single iphone 14 at 79999 instead of all this.")
        await self._refused("productrow_set", **_OWNER, productRows=[{"productId": 9621, "price": 79999}])
        self._terminal.person("No, leave the rows as they are.")

    async def _delete(self, payment: int) -> None:
        self._terminal.person("But delete the payment, they will get a new one.")
        await self._refused("payment_delete", id=payment)
        self._terminal.person("Yes.")
        await self._call("payment_delete", id=payment, confirm=True)

    async def _show_the_deal(self) -> None:
        await self._call("item_list", entityTypeId=2, filter={"id": _DEAL}, select=_SELECTED)
        await self._call("productrow_list", **_OWNER)
        await self._call("payment_list", **_ENTITY)

    async def _refused(self, tool: str, **arguments: Any) -> None:
        """A guarded call without confirmation, which must not be carried out."""
        answer = await self._call(tool, **arguments)
        if answer.get("status") != "confirmation_required":
            raise DemoFailed(f"{tool} should have asked for confirmation")

    async def _call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        self._terminal.call(tool, arguments)
        result = await self._client.call_tool(tool, arguments)
        texts = [part.text.removeprefix(SANDBOX_NOTE) for part in result.content if isinstance(part, TextContent)]
        answer: dict[str, Any] = result.structured_content or {}
        asks = answer.get("status") == "confirmation_required"
        self._terminal.answer("\n".join(texts), confirmation=asks, failed=bool(result.is_error))
        if result.is_error:
            raise DemoFailed(f"{tool} failed")
        return answer


_SELECTED = ["id", "title", "stageId", "opportunity", "currencyId"]
