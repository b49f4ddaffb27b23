"""The embedded portal: a Bitrix24 of one's own for development, tests and demonstrations."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncGenerator, Callable, Generator, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from . import methods as methods  # registers them
from .access import Access
from .applications import Applications
from .binder import bind
from .calls import find, perform
from .clock import Clock
from .faults import Fault, Faults
from .journal import Carried, Journal
from .limits import Limits
from .profile import PROFILES, Profile
from .store import Store
from .system_errors import system_error
from .webhooks import Webhooks

if TYPE_CHECKING:
    from starlette.applications import Starlette

DEFAULT_PORT = 8024


class PortalStopped(Exception):
    """The portal shuts down while a call waits: it is not carried out."""


class Portal:
    """A portal with its state, its clock and its faults. It answers over HTTP in `serve`, or in process as `app`.

    `profile` is `classic` or `current`. `database` is a file that keeps the state; without one it is in memory.
    `scenario` fills a new portal. `seed` is what secrets and faults are drawn from. `method_seconds` is the time that
    methods take by the portal's clock: a number for all, or numbers by method name, `*` being all others.
    `token_seconds` is the life of an access token. `address` is where people reach the portal, where that differs from
    where it serves. With `keep_ledger` every write that is carried out is kept in `ledger`.
    """

    def __init__(
        self,
        *,
        profile: str | Profile = "classic",
        database: Path | None = None,
        scenario: str = "shop",
        seed: int = 0,
        clock: Clock | None = None,
        limits: Limits | None = None,
        method_seconds: float | Mapping[str, float] = 0.0,
        faults: Iterable[Fault] = (),
        address: str | None = None,
        token_seconds: float = 3600,
        keep_ledger: bool = True,
    ) -> None:
        self.profile = PROFILES[profile] if isinstance(profile, str) else profile
        self.clock = clock or Clock()
        self.limits = limits or Limits()
        self.method_seconds = method_seconds
        self.address = address or f"http://127.0.0.1:{DEFAULT_PORT}"
        self._has_own_address = address is not None
        self.journal = Journal()
        self.ledger: list[Carried] = []
        self.keep_ledger = keep_ledger
        self.faults = Faults(Random(f"{seed} faults"))  # noqa: S311 - to be repeated, not to be secret
        for fault in faults:
            self.faults.put(fault)
        self.store = Store(database)
        self._seed = seed
        self.webhooks = Webhooks(self.store, Random(f"{seed} webhooks"))  # noqa: S311
        self.applications = Applications(self.store, seed, token_seconds)
        self.scenario = self.store.setting("scenario") or scenario
        if self.store.setting("scenario") is None:
            self.store.remember("first scenario", scenario)
            self.load(scenario)
        self._pauses: set[asyncio.Future[None]] = set()
        self._stopping = False

    @cached_property
    def app(self) -> Starlette:
        """The portal as an ASGI application."""
        from .app import build

        return build(self)

    def webhook_url(self, name: str = "administrator") -> str:
        """Give the address of a webhook, as a client is configured with it. It is a secret."""
        webhook = self.webhooks[name]
        return f"{self.address}/rest/{webhook.user.id}/{webhook.code}/"

    def access(self, webhook: tuple[str, str] | None, token: object) -> Access:
        """Give what a call may do that came with these credentials. Raises `Refusal`."""
        now = self.clock.timestamp()
        access = self.webhooks.access(*webhook, now) if webhook else self.applications.access(str(token), now)
        if not access.user.active:
            raise system_error("INVALID_CREDENTIALS")
        return access

    def call(self, method: str, parameters: Mapping[str, Any] | None = None, *, webhook: str = "administrator") -> Any:
        """Call a method from within, at once and without the journal: what another user does. Raises `Refusal`.

        From another thread than the portal's, only while nobody else calls.
        """
        found = self.webhooks[webhook]
        access = Access("another user", found.user, frozenset(found.scopes))
        known = find(access, method)
        return perform(self, access, known, bind(known, dict(parameters or {})))

    def load(self, scenario: str) -> None:
        """Empty the portal and fill it anew. Webhooks stay as they are."""
        from . import scenarios

        with self.store.transaction():
            self.store.reset()
            scenarios.load(self.store, scenario, self._seed)
            self.store.remember("scenario", scenario)
        self.scenario = scenario

    def reset(self) -> None:
        """Bring back the records of the first start."""
        self.load(self.store.setting("first scenario") or self.scenario)

    def seconds_of(self, method: str) -> float:
        """Say how long a method takes."""
        if isinstance(self.method_seconds, Mapping):
            return self.method_seconds.get(method, self.method_seconds.get("*", 0.0))
        return self.method_seconds

    async def pause(self, seconds: float) -> None:
        """Wait by the portal's clock. Raises `PortalStopped` when the portal shuts down meanwhile."""
        pause = asyncio.ensure_future(self.clock.sleep(seconds))
        self._pauses.add(pause)
        try:
            await pause
        except asyncio.CancelledError:
            if self._stopping:
                raise PortalStopped from None
            raise
        finally:
            self._pauses.discard(pause)

    @contextlib.asynccontextmanager
    async def serve(self, host: str = "127.0.0.1", port: int = 0) -> AsyncGenerator[Portal]:
        """Answer over HTTP while the block runs, in the running event loop; `address` then names the port."""
        from .serving import serving

        self._stopping = False
        async with serving(self.app, host, port) as real_port:
            if not self._has_own_address:
                self.address = f"http://{_name(host)}:{real_port}"
            try:
                yield self
            finally:
                self._stopping = True
                self.journal.close()
                for pause in self._pauses:
                    pause.cancel()

    @contextlib.contextmanager
    def serve_in_thread(self, host: str = "127.0.0.1", port: int = 0) -> Generator[Portal]:
        """Answer over HTTP while the block runs, in a thread of its own."""
        ready = threading.Event()
        failures: list[BaseException] = []
        stopping: list[Callable[[], object]] = []

        async def main() -> None:
            stop = asyncio.Event()
            loop = asyncio.get_running_loop()
            async with self.serve(host, port):
                stopping.append(lambda: loop.call_soon_threadsafe(stop.set))
                ready.set()
                await stop.wait()

        def run() -> None:
            try:
                asyncio.run(main())
            except BaseException as failure:
                failures.append(failure)
            finally:
                ready.set()

        thread = threading.Thread(target=run, name="sandbox portal", daemon=True)
        thread.start()
        ready.wait()
        if failures:
            raise failures[0]
        try:
            yield self
        finally:
            for stop in stopping:
                stop()
            thread.join()

    def run(self, host: str, port: int, ready: Callable[[Portal], object]) -> None:
        """Answer over HTTP until interrupted; `ready` is called once the portal does."""

        async def main() -> None:
            async with self.serve(host, port):
                ready(self)
                await asyncio.Event().wait()

        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(main())

    def close(self) -> None:
        """Close the database."""
        self.store.close()


def _name(host: str) -> str:
    """Give a host as an address has it; one that stands for every address of this computer is its own."""
    if host in ("0.0.0.0", "::", ""):  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
