"""What tests of every part share: the event loop, and an embedded portal that serves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from bitrix24_commerce.sandbox import Portal
from bitrix24_commerce.sandbox.clock import Clock

NOON = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
"""Noon in the portal's time."""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def sandbox() -> AsyncIterator[Portal]:
    """The shop of the first start, at noon."""
    portal = Portal(clock=Clock(NOON))
    async with portal.serve():
        yield portal
    portal.close()
