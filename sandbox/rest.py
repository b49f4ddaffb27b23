"""`/rest/…`: one request to a REST method, from its faults and limits to its answer and its line in the journal."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from .access import Access
from .batch import batch, outline
from .broken_answers import Dropped, broken_answer
from .calls import carry_out, timing
from .envelope import encode, failure, success
from .faults import Fault
from .journal import kept_arguments
from .portal import PortalStopped
from .registry import Refusal
from .request import Target, parameters, read_body, target
from .system_errors import system_error

if TYPE_CHECKING:
    from .portal import Portal

_REFUSING = {
    "503": "QUERY_LIMIT_EXCEEDED",
    "429": "OPERATION_TIME_LIMIT",
    "500": "INTERNAL_SERVER_ERROR",
    "expired_token": "expired_token",
}


@dataclass(slots=True)
class _Exchange:
    """One request and what becomes of it."""

    request: Request
    target: Target
    start: datetime
    struck: list[Fault]
    body: bytes | None = b""
    arguments: dict[str, Any] = field(default_factory=dict[str, Any])
    access: Access | None = None
    answer: bytes = b""
    status: int = 200


def routes(portal: Portal) -> list[Route]:
    """Give the routes of the REST methods."""

    async def rest(request: Request) -> Response:
        goal = target(request.path_params["path"])
        exchange = _Exchange(request, goal, portal.clock.now(), portal.faults.strike(goal.method))
        try:
            exchange.body = await read_body(request)
            response = await _spoiled(portal, exchange, after=False)
            if response is None:
                await _answer(portal, exchange)
                response = await _spoiled(portal, exchange, after=True)
        except (ClientDisconnect, PortalStopped):
            response = Dropped()
        if response is None:
            response = Response(exchange.answer, exchange.status, media_type="application/json")
        _record(portal, exchange, response)
        return response

    return [Route("/rest/{path:path}", rest, methods=["GET", "POST"])]


async def _spoiled(portal: Portal, exchange: _Exchange, *, after: bool) -> Response | None:
    """Let the faults of one side of the call happen; give what is sent instead of an answer, if anything is."""
    for fault in exchange.struck:
        if fault.after != after:
            continue
        if fault.kind == "delay":
            await portal.pause(fault.seconds)
        elif fault.action:
            with suppress(Refusal):
                fault.action()
        elif code := _REFUSING.get(fault.kind):
            _refuse(portal, exchange, system_error(code))
            return Response(exchange.answer, exchange.status, media_type="application/json")
        elif response := broken_answer(fault, exchange.request, exchange.answer):
            return response
    return None


async def _answer(portal: Portal, exchange: _Exchange) -> None:
    """Carry the call out. The order: request limit, what came, who calls, and then the method."""
    request, method = exchange.request, exchange.target.method
    try:
        source = request.client.host if request.client else ""
        if not portal.limits.admit(source, exchange.start.timestamp()):
            raise system_error("QUERY_LIMIT_EXCEEDED")
        found = parameters(request.scope["query_string"], request.headers.get("content-type", ""), exchange.body)
        token = found.pop("auth", None)
        exchange.arguments = outline(found) if method == "batch" else found
        access = exchange.access = portal.access(exchange.target.webhook, token or _bearer(request))
        if method == "batch":
            result: object = await batch(portal, access, found)
            when = timing(portal, access, exchange.start, method)
        else:
            result, when = await carry_out(portal, access, method, found)
        exchange.answer = encode(success(result, when))
    except Refusal as refusal:
        _refuse(portal, exchange, refusal)


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _refuse(portal: Portal, exchange: _Exchange, refusal: Refusal) -> None:
    exchange.status = refusal.status
    exchange.answer = encode(failure(refusal, exchange.target.method, portal.profile))


def _record(portal: Portal, exchange: _Exchange, response: Response) -> None:
    portal.journal.record(
        exchange.start,
        exchange.target.method,
        kept_arguments(exchange.arguments, len(exchange.body or b"")),
        bytes(response.body),
        None if isinstance(response, Dropped) else response.status_code,
        seconds=(portal.clock.now() - exchange.start).total_seconds(),
        user=exchange.access.label if exchange.access else "",
        fault=", ".join(each.kind for each in exchange.struck),
    )
