"""What tests of every part share: the event loop, and an embedded portal that serves."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from bitrix24_commerce.sandbox import Portal
from bitrix24_commerce.sandbox.clock import Clock

NOON = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
"""Noon in the portal's time."""


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@asynccontextmanager
async def serving_shop(**options: Any) -> AsyncGenerator[Portal]:
    """The shop of the first start, at noon, on a free port."""
    portal = Portal(clock=Clock(NOON), **options)
    async with portal.serve():
        yield portal
    portal.close()


@pytest.fixture
async def sandbox() -> AsyncIterator[Portal]:
    """The shop of the first start, of the classic generation."""
    async with serving_shop() as portal:
        yield portal
