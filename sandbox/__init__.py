"""An embedded portal that answers the Bitrix24 REST methods: a real HTTP server over SQLite (docs/sandbox.md)."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .portal import Portal

__all__ = ["Portal"]


def __getattr__(name: str) -> object:
    """Import the portal when it is asked for: looking at this package costs nothing."""
    if name == "Portal":
        from .portal import Portal

        return Portal
    raise AttributeError(name)
