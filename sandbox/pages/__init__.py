"""The portal's pages: for whoever watches an assistant at work, and for the customer who follows a payment link.

What draws them is imported when the first is asked for: a portal that only answers REST calls does not pay for it.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from ..portal import Portal

    Endpoint = Callable[[Request], Awaitable[Response]]


def routes(portal: Portal) -> list[Route]:
    """Give the routes of the pages."""

    async def overview(request: Request) -> Response:
        from .overview import overview_page

        return overview_page(portal, request)

    async def details(request: Request) -> Response:
        from .details import details_page

        return details_page(portal, request)

    async def log(request: Request) -> Response:
        from .log import log_page

        return log_page(portal)

    async def events(request: Request) -> Response:
        from .log import event_stream

        return event_stream(portal, request)

    async def payment(request: Request) -> Response:
        from .payment import payment_page

        return payment_page(portal, request)

    async def short_link(request: Request) -> Response:
        from .payment import follow_short_link

        return follow_short_link(portal, request)

    async def asset(request: Request) -> Response:
        from .rendering import send_asset

        return send_asset(portal, request)

    def own(endpoint: Endpoint) -> Endpoint:
        async def guarded(request: Request) -> Response:
            if _came_by_own_name(portal, request):
                return await endpoint(request)
            from .rendering import problem

            return problem(portal, 403, "Not under this name", f"This portal is at {portal.address}/.")

        return guarded

    # The search looks for words in either case; SQLite's own functions know the cases of A to Z only.
    portal.store.connection.create_function("casefold", 1, str.casefold, deterministic=True)
    return [
        Route("/", own(overview)),
        Route("/crm/deal/details/{id}/", own(details)),
        Route("/crm/type/{type}/details/{id}/", own(details)),
        Route("/log", own(log)),
        Route("/log/events", own(events)),
        Route("/pub/site/10/oformleniezakaza/", payment, methods=["GET", "POST"]),
        Route("/~{code}", short_link),
        Route("/pages/{name}", asset),
    ]


def _came_by_own_name(portal: Portal, request: Request) -> bool:
    """Say whether the portal was asked for by its own name.

    Its own pages want no password, so another site must not read them by letting a name of its own point here.
    """
    own_name = _without_port(urlsplit(portal.address).netloc)
    return _without_port(request.headers.get("host", "")) in ("localhost", own_name)


def _without_port(place: str) -> str:
    return re.sub(r":\d+$", "", place.lower())
