"""Portals that answer with anything but a result (issue 2, "Bad input"; facts.md §1.4, §2.3)."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from .scripted_portal import CODE, error

Answer = Callable[[], Response]
PAGE = "<!DOCTYPE html><html><body><h1>Please try again later</h1></body></html>"


def _json(text: str, status: int = 200) -> Answer:
    return lambda: Response(text, status, media_type="application/json")


def _page(status: int) -> Answer:
    return lambda: HTMLResponse(PAGE, status)


def _moved(location: str) -> Answer:
    return lambda: RedirectResponse(location, 302)


UNREADABLE: dict[str, Answer] = {
    "a page": _page(200),
    "a page of a proxy": _page(502),
    "a page of a gateway that waited too long": _page(504),
    "nothing": _json(""),
    "nothing, and status 500": _json("", 500),
    "half an answer": _json('{"result": {"id": 1036, "accountNumber": "36'),
    "not a number": _json('{"result": {"id": NaN, "paid": "N", "sum": 0}}'),
    "a list": _json("[1, 2]"),
    "no result": _json('{"time": {}}'),
    "plain text": lambda: Response("OK"),
    "too deep": _json("[" * 100_000),
    "bytes": lambda: Response(b"\x00\xff\xfe"),
}
"""Nothing that can be read as an answer of the API: a write may have been carried out."""
REDIRECTS: dict[str, Answer] = {
    "to nowhere": lambda: Response(status_code=302),
    "to plain http": _moved(f"http://new.bitrix24.com/rest/1/{CODE}/crm.item.payment.get"),
    "to a page": _moved("https://example.bitrix24.com/auth/"),
    "to nonsense": _moved("http://[::1"),
}
"""Not followed; nothing was carried out."""
REFUSALS: dict[str, Answer] = {
    "NO_AUTH_FOUND": error("NO_AUTH_FOUND", "Wrong authorization data", 401),
    "invalid_token": error("invalid_token", "Unable to get application by token", 401),
    "expired_token": error("expired_token", "The access token provided has expired", 401),
    "insufficient_scope": error(
        "insufficient_scope", "The request requires higher privileges than provided by the webhook token", 403
    ),
    "INVALID_CREDENTIALS": error("INVALID_CREDENTIALS", "Invalid request credentials", 403),
    "user_access_error": error("user_access_error", "The user does not have access to the application", 403),
    "ACCESS_DENIED": error("ACCESS_DENIED", "REST API is available only on commercial plans", 403),
    "PAYMENT_REQUIRED": error("PAYMENT_REQUIRED", "Payment required", 402),
    "APPLICATION_NOT_FOUND": error("APPLICATION_NOT_FOUND", "Application not found", 401),
    "ERROR_METHOD_NOT_FOUND": error("ERROR_METHOD_NOT_FOUND", "Method not found!", 404),
    "INVALID_REQUEST": error("INVALID_REQUEST", "Https required", 400),
    "PORTAL_DELETED": error("PORTAL_DELETED", "Portal was deleted", 500),
}
"""The portal said no, and will say so again."""
LIMITS: dict[str, Answer] = {
    "QUERY_LIMIT_EXCEEDED": error("QUERY_LIMIT_EXCEEDED", "Too many requests", 503),
    "OPERATION_TIME_LIMIT": error("OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit.", 429),
    "OVERLOAD_LIMIT": error("OVERLOAD_LIMIT", "REST API is blocked due to overload", 503),
}
"""The portal turned the request away before it ran; later it may not."""
BROKEN: dict[str, Answer] = {
    "INTERNAL_SERVER_ERROR": error("INTERNAL_SERVER_ERROR", "Internal server error", 500),
    "ERROR_UNEXPECTED_ANSWER": error("ERROR_UNEXPECTED_ANSWER", "Server returned an unexpected response", 500),
    "an unknown code": lambda: JSONResponse({"error": "DISK_FULL"}, 500),
}
"""A failure inside the portal: a write may have been carried out."""
MISSHAPEN: dict[str, Answer] = {
    "null": _json('{"result": null}'),
    "a text": _json('{"result": "done"}'),
    "an empty map": _json('{"result": []}'),
    "another record": _json('{"result": {"title": "Deal"}}'),
    "a sum in words": _json('{"result": {"id": 1036, "paid": "N", "sum": "a lot"}}'),
}
"""A result, but not the one that is documented for reading a payment."""
