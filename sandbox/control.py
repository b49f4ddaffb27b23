"""`/sandbox/…`: the portal's own controls, for whoever runs it: from this computer, and not from other web sites."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .limits import RATES, Rate
from .registry import Refusal
from .request import is_same_site, parameters, read_body

if TYPE_CHECKING:
    from .portal import Portal


def routes(portal: Portal) -> list[Route]:
    """Give the routes of the controls."""

    async def state(request: Request) -> Response:
        return JSONResponse(_state(portal)) if _is_near(request) else _forbidden()

    async def control(request: Request) -> Response:
        if not _is_near(request):
            return _forbidden()
        action = _ACTIONS.get(request.path_params["action"])
        if action is None:
            return JSONResponse({"error": f"There are {', '.join(sorted(_ACTIONS))}."}, 404)
        try:
            told = parameters(b"", "application/json", await read_body(request))
            answer = action(portal, told)
        except KeyError as error:
            return JSONResponse({"error": f"Missing or unknown: {error.args[0]}"}, 400)
        except (Refusal, TypeError, ValueError, OverflowError) as error:
            return JSONResponse({"error": str(error)}, 400)
        return JSONResponse({"done": True} if answer is None else answer)

    return [
        Route("/sandbox/state", state),
        Route("/sandbox/{action}", control, methods=["POST"]),
    ]


def _is_near(request: Request) -> bool:
    """Say whether a request comes from this computer and asks for it by a name that no other site can take."""
    client = request.client.host if request.client else ""
    try:
        name = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    except ValueError:
        return False
    return is_same_site(request) and _is_loopback(client) and _is_loopback(name)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _forbidden() -> Response:
    return JSONResponse({"error": "The controls answer this computer only."}, 403)


def _state(portal: Portal) -> dict[str, Any]:
    rate = portal.limits.rate
    return {
        "profile": portal.profile.name,
        "scenario": portal.scenario,
        "time": portal.clock.now().isoformat(),
        "requests": portal.journal.requests,
        "webhooks": [each.name for each in portal.webhooks],
        "rate": {"drain": rate.drain, "burst": rate.burst} if rate else None,
        "operating": portal.limits.operating,
        "faults": [{"kind": each.kind, "method": each.method, "times": each.times} for each in portal.faults],
    }


def _reset(portal: Portal, told: dict[str, Any]) -> None:
    portal.reset()


def _scenario(portal: Portal, told: dict[str, Any]) -> None:
    portal.load(str(told["name"]))


def _clock(portal: Portal, told: dict[str, Any]) -> dict[str, str]:
    if "set" in told:
        portal.clock.set(datetime.fromisoformat(told["set"]))
    if "advance" in told:
        portal.clock.advance(float(told["advance"]))
    return {"time": portal.clock.now().isoformat()}


def _faults(portal: Portal, told: dict[str, Any]) -> None:
    if told.pop("clear", False):
        portal.faults.clear()
    if call := told.pop("call", None):
        method, arguments = str(call["method"]), dict(call.get("parameters", {}))
        told["action"] = lambda: portal.call(method, arguments)
    if told:
        portal.faults.add(**told)


def _limits(portal: Portal, told: dict[str, Any]) -> None:
    """Set `rate` (`standard`, `enterprise` or `off`) or `drain` and `burst`, and `operating` (seconds, or null).

    `method_seconds` is the time that methods take: a number for all, or numbers by name.
    """
    for name in told.keys() - {"rate", "drain", "burst", "operating", "method_seconds"}:
        raise KeyError(name)
    if "method_seconds" in told:
        portal.method_seconds = _method_seconds(told["method_seconds"])
    if "drain" in told:
        portal.limits.rate = Rate(float(told["drain"]), int(told["burst"]))
    if "rate" in told:
        portal.limits.rate = None if told["rate"] == "off" else RATES[told["rate"]]
    if "operating" in told:
        portal.limits.operating = None if told["operating"] is None else float(told["operating"])
    portal.limits.clear()


def _method_seconds(told: Any) -> dict[str, float]:
    """`*` stands for all methods without a number of their own."""
    by_name = cast("dict[str, Any]", told) if isinstance(told, dict) else {"*": told}
    seconds = {name: float(each) for name, each in by_name.items()}
    if not all(0 <= each <= 3600 for each in seconds.values()):
        raise ValueError("A method takes from 0 to 3600 seconds")
    return seconds


def _webhooks(portal: Portal, told: dict[str, Any]) -> dict[str, str]:
    return {each.name: portal.webhook_url(each.name) for each in portal.webhooks}


def _applications(portal: Portal, told: dict[str, Any]) -> dict[str, str]:
    application = portal.applications.register(str(told["name"]), str(told["redirect_uri"]))
    return {"client_id": application.client_id, "client_secret": application.client_secret}


def _revoke(portal: Portal, told: dict[str, Any]) -> None:
    portal.applications.revoke(str(told["client_id"]))


_ACTIONS: dict[str, Callable[[Portal, dict[str, Any]], object]] = {
    "reset": _reset,
    "scenario": _scenario,
    "clock": _clock,
    "faults": _faults,
    "limits": _limits,
    "webhooks": _webhooks,
    "applications": _applications,
    "revoke": _revoke,
}
