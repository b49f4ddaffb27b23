"""What the tools cost a model, in o200k tokens (design §7)."""

from __future__ import annotations

import json
from decimal import Decimal
from importlib import import_module
from typing import Any, cast

import anyio
from bitrix24_commerce.rest.records import ProductRow
from bitrix24_commerce.sandbox import Portal
from bitrix24_commerce.server.app import CommerceServer
from bitrix24_commerce.server.connecting import portal_opener
from bitrix24_commerce.server.settings import Settings
from bitrix24_commerce.tools.row_results import ProductRowsResult
from mcp import Client

from .row import Row

_O200K = cast("Any", import_module("quicktok")).get_encoding("o200k_base")
_NOT_IN_TABLE = "item_list"
"""The budgets are for the tools of design §3; this one came on top."""


def tokens(value: object) -> int:
    """How many tokens a text or a JSON value is."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return len(_O200K.encode(text))


def rows() -> list[Row]:
    """The three token budgets."""
    listed = [tool for tool in anyio.run(_listed) if tool["name"] != _NOT_IN_TABLE]
    inputs = [{key: tool[key] for key in ("name", "description", "inputSchema")} for tool in listed]
    page = ProductRowsResult(productRows=[_row(number) for number in range(50)], total=5000, next=50)
    measured = (
        (f"name, description, inputSchema of {len(listed)} tools", tokens(inputs), 6000),
        (f"whole tools/list of {len(listed)} tools", tokens(listed), 11000),
        ("50 product rows as text", tokens(page.text), 1000),
    )
    return [Row(what, f"{count} tokens", f"{limit} tokens", count <= limit) for what, count, limit in measured]


async def _listed() -> list[dict[str, Any]]:
    settings = Settings(sandbox=True)
    async with Client(CommerceServer(settings, portal_opener(settings, Portal))) as client:
        tools = (await client.list_tools()).tools
    return [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in tools]


def _row(number: int) -> ProductRow:
    names = ("iphone 14", "Case for iphone 14", "Office chair, black", "Installation, per hour", "Cable 2 m")
    return ProductRow(
        id=17600 + number,
        ownerId=13142,
        ownerType="D",
        productId=9600 + number,
        productName=names[number % 5],
        price=Decimal("79.99") + number * 100,
        quantity=Decimal(number % 7 + 1),
        discountRate=Decimal(10 * (number % 2)),
        taxRate=Decimal(20),
        taxIncluded="Y",
        measureName="pcs",
    )
