"""Somebody who signs in: a terminal, a browser, and the embedded portal that both lead to."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import anyio
import httpx2
from bitrix24_commerce.sandbox import Portal as Sandbox
from bitrix24_commerce.sandbox.access import ADMINISTRATOR
from bitrix24_commerce.server.login import Terminal, login
from bitrix24_commerce.server.settings import Settings

SECRET = "s3cr3tOfTheApplicati0n"
Deed = Callable[["Person"], Awaitable[None]]


class Person:
    """Somebody at a terminal with a browser beside it."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox = sandbox
        self.path = folder / "state" / "tokens.json"
        self.settings = Settings(
            portal=sandbox.address,
            client_id="local.5f",
            client_secret=SECRET,
            token_file=str(self.path),
            oauth_server=sandbox.address,
        )
        self.browser = httpx2.AsyncClient(trust_env=False)
        self.said: list[str] = []
        self.shown = anyio.Event()
        self.answers: list[str] = []
        self.ask = self.answer
        self.configure("http://127.0.0.1:9/")

    def configure(self, handler_path: str) -> None:
        """Enter the handler path in the application's settings."""
        self.sandbox.applications.register("till", handler_path, client_id="local.5f", client_secret=SECRET)

    def say(self, text: str) -> None:
        self.said.append(text)
        self.shown.set()

    def answer(self, prompt: str) -> str:
        if not self.answers:
            raise EOFError
        return self.answers.pop(0)

    @property
    def terminal(self) -> Terminal:
        return Terminal(self.say, self.ask, self.ask)

    @property
    def text(self) -> str:
        return "\n".join(self.said)

    @property
    def local_page(self) -> str:
        return re.findall(r"http://127\.0\.0\.1:\d+/(?=\n)", self.text)[0]

    async def agree(self) -> str:
        """Open the portal's page, agree, and give the address that the portal sends the browser to."""
        page = re.findall(r"http\S+/oauth/authorize/\S+", self.text)[-1]
        answer = await self.browser.post(page, data={"decision": "allow", "user": "1"})
        return answer.headers["Location"]

    async def sign_in(self, deed: Deed, **options: float) -> bool:
        """Run the command, and do the deed once its instructions are shown."""
        outcome: list[bool] = []

        async def command() -> None:
            outcome.append(
                await login(self.settings, **{"port": 0, "wait": 30, **options}, terminal=self.terminal)  # type: ignore[arg-type]
            )

        async with self.browser, anyio.create_task_group() as tasks:
            tasks.start_soon(command)
            await self.shown.wait()
            await deed(self)
        assert SECRET not in self.text
        return outcome[0]


async def goes_along(person: Person) -> None:
    person.configure(person.local_page)
    answer = await person.browser.get(await person.agree())
    assert (answer.status_code, "Almost done" in answer.text) == (200, True)
    assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")


def paste(person: Person, address: str) -> None:
    """Let the person agree and paste an address, in which `{code}` and `{state}` are what the portal gave."""
    application = person.sandbox.applications.find("local.5f")
    assert application is not None
    code = person.sandbox.applications.authorize(application, ADMINISTRATOR, person.sandbox.clock.timestamp())

    def ask(prompt: str) -> str:
        state = re.findall(r"state=(\S+)", person.text)[0]
        return address.format(code=code, state=state)

    person.ask = ask
