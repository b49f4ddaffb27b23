"""The portal as an ASGI application: every address that it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette

from . import authorization, control, pages, rest

if TYPE_CHECKING:
    from .portal import Portal


def build(portal: Portal) -> Starlette:
    """Make the application of a portal."""
    return Starlette(routes=[route for part in (rest, authorization, control, pages) for route in part.routes(portal)])
