"""The documented examples, as calls of our tools and as the answers that follow from them (design §3)."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

from bitrix24_commerce.tools import OPERATIONS
from starlette.responses import JSONResponse, Response

from ..server.scripted_portal import ScriptedPortal

EXAMPLES: dict[str, dict[str, Any]] = {
    example["method"]: example
    for example in json.loads((Path(__file__).parents[1] / "data" / "examples.json").read_text("utf-8"))
}
TOOLS = {operation.declaration.method: name for name, operation in OPERATIONS.items()}
"""The tool for each REST method."""
_BARE_LISTS = {
    "crm.item.payment.list": "payments",
    "crm.item.delivery.list": "deliveries",
    "crm.item.payment.product.list": "items",
    "crm.item.payment.delivery.list": "items",
}
_BARE_OBJECTS = {"crm.item.payment.get": "payment", "crm.item.delivery.get": "delivery"}


def _documented_answer(method: str) -> Response:
    return JSONResponse(EXAMPLES[method]["response"])


def documented_portal() -> ScriptedPortal:
    """A portal that gives every method its documented answer."""
    return ScriptedPortal({method: partial(_documented_answer, method) for method in EXAMPLES})


def arguments_of(method: str) -> dict[str, Any]:
    """The documented request as a tool's arguments: `fields` lifted, the owner taken out of the filter, confirmed."""
    request = dict(EXAMPLES[method]["request"])
    arguments = {**request.pop("fields", {}), **request}
    if method == "crm.item.productrow.list":
        conditions = dict(arguments["filter"])
        arguments |= {name: conditions.pop(f"={name}") for name in ("ownerType", "ownerId")}
        arguments["filter"] = conditions
    if OPERATIONS[TOOLS[method]].declaration.guarded:
        arguments["confirm"] = True
    return arguments


def content_expected(method: str) -> dict[str, Any]:
    """The documented answer as structured content: REST's key where it has one, the QR code left out."""
    answer = EXAMPLES[method]["response"]
    content = {name: answer[name] for name in ("total", "next") if name in answer}
    content |= _under_a_key(method, answer["result"])
    if method == "salescenter.payment.getPublicUrl":
        content["payment"] = {name: value for name, value in content["payment"].items() if name != "qr"}
    if OPERATIONS[TOOLS[method]].declaration.guarded:
        content["status"] = "done"
    return content


def _under_a_key(method: str, result: Any) -> dict[str, Any]:
    if method in _BARE_LISTS:
        return {_BARE_LISTS[method]: result}
    if method in _BARE_OBJECTS:
        return {_BARE_OBJECTS[method]: result}
    if result is True or result is None:
        return {"done": True}
    return {"id": result} if isinstance(result, int) else result
