"""Tokens outlive the process, are read by nobody else, and are never half written."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from bitrix24_commerce.rest import TokenStore, default_token_file
from bitrix24_commerce.rest.errors import StorageFailed
from bitrix24_commerce.rest.tokens import Tokens

TOKENS = Tokens("acc3ss", "r3fresh", "https://example.bitrix24.com", "a223c6b3710f85df", 1, "crm,salescenter")
NEXT = Tokens("acc3ss2", "r3fresh2", "https://example.bitrix24.com", "a223c6b3710f85df")


class Steps:
    """A clock that jumps to wherever somebody waits for."""

    def __init__(self) -> None:
        self.moment = 0.0

    def now(self) -> float:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        self.moment += seconds

    async def sleep_until(self, moment: float) -> None:
        self.moment = max(self.moment, moment)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.anyio
async def test_tokens_come_back_as_they_were_kept(tmp_path: Path) -> None:
    store = TokenStore.at(tmp_path / "state" / "tokens.json")
    assert store.load() is None
    async with store.held():
        store.save(TOKENS)
        store.save(NEXT)
        store.save(TOKENS)

    assert TokenStore.at(tmp_path / "state" / "tokens.json").load() == TOKENS


@pytest.mark.anyio
async def test_only_the_owner_can_read_them_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = tmp_path / "state" / "tokens.json"
        store = TokenStore.at(path)
        async with store.held():
            store.save(TOKENS)
    finally:
        os.umask(before)

    assert (mode(path), mode(path.parent)) == (0o600, 0o700)


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "tokens.json"
    path.write_text(TOKENS.to_json())
    path.chmod(0o644)

    TokenStore.at(path).save(NEXT)

    assert mode(path) == 0o600


def test_a_write_that_fails_halfway_leaves_the_old_tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = TokenStore.at(tmp_path / "tokens.json")
    store.save(TOKENS)

    def broken(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(StorageFailed, match="Input/output error"):
        store.save(NEXT)

    folder = list(tmp_path.iterdir())
    assert store.load() == TOKENS
    assert [each.name for each in folder] == ["tokens.json"]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "{}",
        TOKENS.to_json().replace("acc3ss", "acc3ss\\nX-Injected: 1"),
        TOKENS.to_json().replace("https", "http"),
        TOKENS.to_json().replace("https://example.bitrix24.com", ""),
        TOKENS.to_json().replace('"r3fresh"', "null"),
    ],
)
def test_a_damaged_file_is_told_without_repeating_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tokens.json"
    path.write_text(text)

    with pytest.raises(StorageFailed) as caught:
        TokenStore.at(path).load()

    assert str(path) in str(caught.value)
    assert "3fresh" not in str(caught.value)
    assert "acc3ss" not in str(caught.value)


@pytest.mark.anyio
async def test_an_unreadable_place_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match="Is a directory"):
        TokenStore.at(tmp_path).load()
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageFailed, match=r"cannot be locked: (File exists|Not a directory)"):
        async with TokenStore.at(tmp_path / "file" / "tokens.json").held():
            pass


@pytest.mark.anyio
async def test_a_store_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    path, clock = tmp_path / "tokens.json", Steps()
    async with TokenStore.at(path).held():
        with pytest.raises(StorageFailed, match="another process holds them"):
            async with TokenStore.at(path, clock=clock).held():
                pytest.fail("held twice")
    assert clock.moment == pytest.approx(90, abs=0.1)

    async with TokenStore.at(path, clock=clock).held():
        pass
    assert clock.moment == pytest.approx(90, abs=0.1)


class Ring(SimpleNamespace):
    """Stands in for the package `keyring`, which is not ours to install."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service_name: str, username: str) -> str | None:
        return self.entries.get((service_name, username))

    def set_password(self, service_name: str, username: str, password: str) -> None:
        self.entries[service_name, username] = password


@pytest.mark.anyio
async def test_the_keyring_keeps_them_when_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ring = Ring()
    monkeypatch.setitem(sys.modules, "keyring", ring)  # type: ignore[arg-type]
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    store = TokenStore.at("keyring")

    async with store.held():
        assert store.load() is None
        store.save(TOKENS)

    assert TokenStore.at("keyring").load() == TOKENS
    assert list(ring.entries) == [("bitrix24-commerce-mcp", "tokens")]


def test_a_keyring_that_is_locked_or_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Locked(Ring):
        def get_password(self, service_name: str, username: str) -> str | None:
            raise RuntimeError("the collection holding r3fresh is locked")

    monkeypatch.setitem(sys.modules, "keyring", Locked())  # type: ignore[arg-type]
    with pytest.raises(StorageFailed, match=r"the tokens in the system's keyring cannot be read: RuntimeError$"):
        TokenStore.at("keyring").load()

    monkeypatch.setitem(sys.modules, "keyring", None)  # type: ignore[arg-type]
    with pytest.raises(StorageFailed, match="keyring is not installed"):
        TokenStore.at("keyring")


def test_where_tokens_are_kept_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/state")
    assert default_token_file() == Path("/state/bitrix24-commerce-mcp/tokens.json")
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", "/home/manager")
    assert default_token_file() == Path("/home/manager/.local/state/bitrix24-commerce-mcp/tokens.json")
