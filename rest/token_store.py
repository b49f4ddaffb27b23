"""Where tokens outlive the process: a private file, or the system's keyring.

A refresh token serves once. The next one is durable before anything relies on it, and processes that share a place take
turns (`held`), so that none spends a token that another has already spent.
"""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from .clock import Clock, SystemClock
from .errors import StorageFailed
from .file_lock import lock_file
from .private_file import PrivateFile
from .tokens import Tokens, UnreadableTokens

KEYRING = "keyring"
"""Given instead of a path, it asks for the system's keyring."""
_SERVICE = "bitrix24-commerce-mcp"
_PATIENCE = 90.0
"""Seconds for other processes to finish their refresh, each of which takes two requests at most."""


class Place(Protocol):
    """Holds one text."""

    def read(self) -> str | None:
        """The text, or None when there is none yet."""
        ...

    def write(self, text: str) -> None:
        """Replace the text; it is durable when this returns."""
        ...


class Backend(Protocol):
    """What the package `keyring` offers."""

    def get_password(self, service_name: str, username: str) -> str | None:
        """The secret kept under that name."""
        ...

    def set_password(self, service_name: str, username: str, password: str) -> None:
        """Keep a secret under that name."""
        ...


class KeyringEntry:
    """An entry of the system's keyring, under this product's name."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def read(self) -> str | None:
        """The entry's text."""
        return self._backend.get_password(_SERVICE, "tokens")

    def write(self, text: str) -> None:
        """Replace the entry."""
        self._backend.set_password(_SERVICE, "tokens", text)


class TokenStore:
    """Keeps one set of tokens. `load` and `save` block while the disk or the keyring works."""

    def __init__(self, place: Place, lock: Path, *, name: str, clock: Clock | None = None) -> None:
        self._place = place
        self._lock = lock
        self._clock = clock or SystemClock()
        self.name = name
        """What a person calls the place: a path, or the keyring."""

    @classmethod
    def at(cls, where: str | Path, *, clock: Clock | None = None) -> TokenStore:
        """The store in a file, or for `keyring` in the system's keyring.

        Raises:
            StorageFailed: The keyring was asked for, and the package `keyring` is not installed.

        """
        if str(where) != KEYRING:
            path = Path(where).expanduser()
            return cls(PrivateFile(path), path.with_name(f"{path.name}.lock"), name=str(path), clock=clock)
        try:
            backend = cast(Backend, import_module("keyring"))
        except ImportError:
            raise StorageFailed(
                "NO_KEYRING",
                "the package keyring is not installed",
                recovery="Install keyring beside bitrix24-commerce-mcp, or set BITRIX24_TOKEN_FILE to a path.",
            ) from None
        lock = default_token_file().with_name("keyring.lock")
        return cls(KeyringEntry(backend), lock, name="the system's keyring", clock=clock)

    def load(self) -> Tokens | None:
        """The tokens, or None when nobody has signed in yet.

        Raises:
            StorageFailed: There is something, but it cannot be read.

        """
        try:
            text = self._place.read()
            return Tokens.from_json(text) if text else None
        except UnreadableTokens as error:
            problem = str(error)
        except Exception as error:  # A keyring raises what it likes.
            problem = _reason(error)
        raise StorageFailed("TOKENS_UNREADABLE", f"the tokens in {self.name} cannot be read: {problem}")

    def save(self, tokens: Tokens) -> None:
        """Keep the tokens; they are durable when this returns.

        Raises:
            StorageFailed: They could not be kept. What was there before still is.

        """
        try:
            self._place.write(tokens.to_json())
        except Exception as error:
            problem = _reason(error)
        else:
            return
        raise StorageFailed("TOKENS_NOT_KEPT", f"the tokens cannot be kept in {self.name}: {problem}")

    @asynccontextmanager
    async def held(self) -> AsyncGenerator[None]:
        """No other process that holds the store too changes it while the block runs.

        Raises:
            StorageFailed: Another process held it for too long, or the lock's file cannot be made.

        """
        try:
            self._lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = await lock_file(self._lock, clock=self._clock, patience=_PATIENCE)
        except OSError as error:
            raise StorageFailed(
                "TOKENS_LOCKED", f"the tokens in {self.name} cannot be locked: {_reason(error)}"
            ) from None
        try:
            yield
        finally:
            os.close(descriptor)


def default_token_file() -> Path:
    """Where tokens are kept unless BITRIX24_TOKEN_FILE says otherwise."""
    home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(home) / "bitrix24-commerce-mcp" / "tokens.json"


def _reason(error: Exception) -> str:
    """What went wrong, without the text of an error whose author is not known."""
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
