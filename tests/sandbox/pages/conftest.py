"""A shop's portal, and who looks at its pages: over HTTP, and with a real browser."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from bitrix24_commerce.sandbox import Portal

from .browser import Browser


class Visitor:
    """Somebody who opens pages, and a client that calls methods meanwhile."""

    def __init__(self, portal: Portal, http: httpx2.AsyncClient) -> None:
        self.portal = portal
        self.http = http

    async def get(self, path: str, status: int = 200) -> httpx2.Response:
        response = await self.http.get(path)
        assert response.status_code == status, response.text
        return response

    async def read(self, path: str, status: int = 200) -> str:
        """Open a page and give its text as one line."""
        return words((await self.get(path, status)).text)

    async def call(self, method: str, parameters: dict[str, Any]) -> Any:
        answer = await self.http.post(self.portal.webhook_url() + method, json=parameters)
        return answer.json().get("result")

    async def link(self, payment: int) -> str:
        """The path of a payment's page, from the method that gives links."""
        answer = await self.call("salescenter.payment.getPublicUrl", {"id": payment})
        return answer["payment"]["url"].removeprefix(self.portal.address)


def words(page: str) -> str:
    """The text of a page as one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page.replace("<wbr>", ""))).split())


@pytest.fixture
async def visitor(sandbox: Portal) -> AsyncIterator[Visitor]:
    async with httpx2.AsyncClient(base_url=sandbox.address, trust_env=False) as http:
        yield Visitor(sandbox, http)


@pytest.fixture(scope="session")
def web_driver() -> Iterator[str]:
    """The address of a running chromedriver."""
    program = shutil.which("chromedriver")
    if program is None:
        pytest.skip("no chromedriver here: `make browser` installs it on Debian, as root")
    with subprocess.Popen([program, "--port=0"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        started = (re.search(r"started successfully on port (\d+)", line) for line in process.stdout)
        port = next(found for found in started if found)[1]
        yield f"http://127.0.0.1:{port}"
        process.kill()


@pytest.fixture
async def browser(web_driver: str, tmp_path: Path) -> AsyncIterator[Browser]:
    """A headless Chromium whose console must have stayed empty."""
    async with httpx2.AsyncClient(base_url=web_driver, trust_env=False, timeout=60) as http:
        browser = await Browser.start(http, tmp_path)
        yield browser
        complaints = await browser.console()
        await browser.quit()
    assert complaints == []
