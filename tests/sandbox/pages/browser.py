"""A headless Chromium, driven by the W3C WebDriver protocol."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import httpx2

PATIENCE = 10_000
"""Milliseconds that a browser may take to show what a test waits for."""
ENTER = "\ue007"
TAB = "\ue004"

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

_UNTIL = """
const done = arguments[arguments.length - 1];
const check = () => { if (%s) { observer.disconnect(); done(); } };
const observer = new MutationObserver(check);
observer.observe(document, {subtree: true, childList: true, characterData: true, attributes: true});
check();
"""


class Browser:
    """One session of a browser."""

    def __init__(self, http: httpx2.AsyncClient, session: str) -> None:
        self._http = http
        self._session = session

    @classmethod
    async def start(cls, http: httpx2.AsyncClient, profile: Path) -> Browser:
        """Open a browser with a new profile in that folder."""
        options: dict[str, Any] = {"args": [*_FLAGS, f"--user-data-dir={profile}"]}
        if program := shutil.which("chromium"):
            options["binary"] = program
        capabilities = {
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL"},
            "timeouts": {"implicit": PATIENCE, "script": PATIENCE},
        }
        browser = cls(http, "")
        session = await browser._post("/session", capabilities={"alwaysMatch": capabilities})
        browser._session = f"/session/{session['sessionId']}"
        return browser

    async def open(self, address: str) -> None:
        """Go to a page and wait until it is there."""
        await self._post("/url", url=address)

    async def open_window(self, address: str) -> tuple[str, str]:
        """Go to a page in a second window; give the handles of the first and the second."""
        first = (await self._http.get(f"{self._session}/window")).json()["value"]
        second = (await self._post("/window/new", type="window"))["handle"]
        await self.switch(second)
        await self.open(address)
        return first, second

    async def switch(self, window: str) -> None:
        """Go on in another window."""
        await self._post("/window", handle=window)

    async def find(self, selector: str) -> str:
        """Wait until there is such an element, also on the page that is yet to come, and give its reference."""
        (element,) = (await self._post("/element", using="css selector", value=selector)).values()
        return element

    async def text(self, selector: str) -> str:
        """Give the text that people see of the first element that a selector finds, as one line."""
        await self.find(selector)
        return " ".join((await self.run(f"return document.querySelector({selector!r}).innerText")).split())

    async def click(self, selector: str) -> None:
        """Click an element."""
        await self._post(f"/element/{await self.find(selector)}/click")

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, wherever the focus is."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        await self._post("/actions", actions=[{"type": "key", "id": "keyboard", "actions": actions}])

    async def tab_to(self, selector: str) -> None:
        """Press the tab key until the focus is on an element; at most 100 times."""
        for _ in range(100):
            await self.press(TAB)
            if await self.run(f"return document.activeElement.matches({selector!r})"):
                return
        raise AssertionError(f"The keyboard does not reach {selector}")

    async def until(self, condition: str) -> None:
        """Wait until a JavaScript expression is true of the page, which may change but not be left meanwhile."""
        await self._post("/execute/async", script=_UNTIL % condition, args=[])

    async def run(self, script: str) -> Any:
        """Run a script in the page and give what it returns."""
        return await self._post("/execute/sync", script=script, args=[])

    async def look(self, *, width: int = 1280, scheme: str = "light") -> None:
        """See pages at a width, in light or dark."""
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        await self._post("/goog/cdp/execute", cmd="Emulation.setDeviceMetricsOverride", params=metrics)
        await self._post("/goog/cdp/execute", cmd="Emulation.setEmulatedMedia", params=media)

    async def forbid_scripts(self) -> None:
        """See pages without their scripts."""
        await self._post("/goog/cdp/execute", cmd="Emulation.setScriptExecutionDisabled", params={"value": True})

    async def console(self) -> list[str]:
        """Give what was written to the console since the last time: errors, and what the policy forbade."""
        return [entry["message"] for entry in await self._post("/se/log", type="browser")]

    async def quit(self) -> None:
        """Close the browser."""
        await self._http.delete(self._session)

    async def _post(self, path: str, **body: Any) -> Any:
        answer = await self._http.post(self._session + path, json=body)
        assert answer.status_code == 200, answer.json()["value"]["message"]
        return answer.json()["value"]
