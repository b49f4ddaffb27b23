"""A small HTTP portal that says what a test tells it to, and records what reached it."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bitrix24_commerce.sandbox.serving import serving
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

CODE = "k7q1zx9w4m2v8s3t"
"""The secret part of the webhook's address."""


@dataclass(slots=True)
class ScriptedPortal:
    """Answers each method by `script`, all others by `otherwise`."""

    script: dict[str, Callable[[], Response]] = field(default_factory=dict[str, Callable[[], Response]])
    otherwise: Callable[[], Response] | None = None
    received: list[tuple[str, Any]] = field(default_factory=list[tuple[str, Any]])
    """Method and JSON body of every request, in order."""
    webhook_url: str = ""

    async def answer(self, request: Request) -> Response:
        """Record the request and give what is in the script for it."""
        assert request.path_params["code"] == CODE
        assert request.headers["Content-Type"] == "application/json"
        method: str = request.path_params["method"]
        self.received.append((method, json.loads(await request.body())))
        answer = self.script.get(method, self.otherwise)
        assert answer is not None, f"the script has no answer to {method}"
        return answer()

    def bodies(self, method: str) -> list[Any]:
        """What a method was called with."""
        return [body for name, body in self.received if name == method]

    @asynccontextmanager
    async def serve(self) -> AsyncGenerator[ScriptedPortal]:
        """Answer on a free port of the loopback interface while the block runs."""
        app = Starlette(routes=[Route("/rest/1/{code}/{method}", self.answer, methods=["POST"])])
        async with serving(app, "127.0.0.1", 0) as port:
            self.webhook_url = f"http://127.0.0.1:{port}/rest/1/{CODE}/"
            yield self


def result(value: object, **envelope: object) -> Callable[[], Response]:
    """A successful answer."""
    return lambda: JSONResponse({"result": value, **envelope})


def error(code: object, description: str, status: int = 400) -> Callable[[], Response]:
    """An answer that refuses."""
    return lambda: JSONResponse({"error": code, "error_description": description}, status)
