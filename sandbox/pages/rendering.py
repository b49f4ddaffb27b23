"""Templates to answers: every page leaves with the same headers, and user text leaves escaped."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from . import formats

if TYPE_CHECKING:
    from starlette.requests import Request

    from ..portal import Portal

_FOLDER = Path(__file__).parent
_ASSETS = {"portal.css": "text/css", "portal.js": "text/javascript"}
_POLICY = {
    **dict.fromkeys(("script-src", "style-src", "connect-src", "form-action"), "'self'"),
    **dict.fromkeys(("default-src", "base-uri", "frame-ancestors"), "'none'"),
    "img-src": "data:",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{kind} {source}" for kind, source in _POLICY.items()),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
"""Nothing runs or loads but our own files, and no address, which may hold a payment's access, is told to others."""

TEMPLATES = Environment(
    loader=FileSystemLoader(_FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.filters |= {
    "money": formats.money,
    "amount": formats.amount,
    "price": formats.price,
    "quantity": formats.quantity,
    "duration": formats.duration,
    "day": formats.day,
    "moment": formats.moment,
}


def page(portal: Portal, template: str, *, status: int = 200, **values: object) -> Response:
    """Answer with a template."""
    text = TEMPLATES.get_template(template).render(portal=portal, **values)
    return HTMLResponse(text, status, HEADERS)


def problem(portal: Portal, status: int, title: str, text: str) -> Response:
    """Answer that there is no such page, or not for this visitor."""
    return page(portal, "problem.html", status=status, title=title, text=text)


def send_asset(portal: Portal, request: Request) -> Response:
    """Answer with the pages' style or script."""
    name = request.path_params["name"]
    if name not in _ASSETS:
        return problem(portal, 404, "Not found", "There is no such file.")
    return Response((_FOLDER / name).read_bytes(), 200, HEADERS, _ASSETS[name])
