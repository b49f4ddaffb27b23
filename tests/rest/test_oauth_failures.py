"""A renewal can fail, and its reply can get lost. Tokens must survive that, or a person be told what to do."""

from __future__ import annotations

import errno
from pathlib import Path

import anyio
import pytest
from bitrix24_commerce.rest.errors import Outcome, PortalError, SignInNeeded, StorageFailed, Unreachable
from bitrix24_commerce.rest.private_file import PrivateFile
from bitrix24_commerce.rest.token_store import TokenStore

from .signed_in import WHO, SignedIn, signed_in

pytestmark = pytest.mark.anyio


async def failure(world: SignedIn) -> PortalError:
    with pytest.raises(PortalError) as caught:
        await world.portal().call(WHO, {})
    assert caught.value.outcome is Outcome.NOT_APPLIED
    return caught.value


async def test_a_dead_refresh_token_asks_for_a_new_sign_in_and_the_server_is_not_asked_twice(tmp_path: Path) -> None:
    async with signed_in(tmp_path) as world:
        world.sandbox.clock.advance(181 * 24 * 3600)
        portal = world.portal()
        for _ in range(3):
            with pytest.raises(SignInNeeded, match="has expired") as caught:
                await portal.call(WHO, {})
            assert "bitrix24-commerce-mcp login" in caught.value.recovery
            assert not caught.value.retryable
        assert len(world.to_server.asked) == 1

        await world.sign_in()
        assert (await portal.call(WHO, {}))["ID"] == "1"


@pytest.mark.parametrize(("loss", "asked"), [("before", 2), ("", 1)])
async def test_a_request_that_never_arrived_is_made_again(tmp_path: Path, loss: str, asked: int) -> None:
    async with signed_in(tmp_path) as world:
        portal = world.portal()
        world.expire()
        world.to_server.losses = [loss]

        assert (await portal.call(WHO, {}))["ID"] == "1"
        assert len(world.to_server.asked) == asked


async def test_a_lost_reply_that_used_the_token_up_is_explained(tmp_path: Path) -> None:
    async with signed_in(tmp_path) as world:
        world.expire()
        world.to_server.losses = ["after"]

        error = await failure(world)

        assert isinstance(error, SignInNeeded)
        assert "the reply to a first request, now lost, used it up" in str(error)
        assert len(world.to_server.asked) == 2


async def test_an_authorisation_server_out_of_reach_costs_nothing_but_the_call(tmp_path: Path) -> None:
    async with signed_in(tmp_path) as world:
        portal = world.portal()
        world.expire()
        before = world.on_disk
        world.to_server.losses = ["before", "before"]

        with pytest.raises(Unreachable) as caught:
            await portal.call(WHO, {})
        assert caught.value.retryable
        assert "nothing was carried out on the portal" in str(caught.value)
        assert world.on_disk == before

        assert (await portal.call(WHO, {}))["ID"] == "1"


async def test_calls_that_waited_share_the_failure(tmp_path: Path) -> None:
    async with signed_in(tmp_path) as world:
        portal = world.portal()
        world.expire()
        world.to_server.losses = ["before"] * 2
        failures: list[PortalError] = []

        async def call() -> None:
            with pytest.raises(Unreachable) as caught:
                await portal.call(WHO, {})
            failures.append(caught.value)

        async with anyio.create_task_group() as calls:
            for _ in range(10):
                calls.start_soon(call)

        assert len(world.to_server.asked) == 2
        assert {str(each) for each in failures} == {str(failures[0])}


class FullDisk(PrivateFile):
    """A file on a disk that has no room for a while."""

    full = True

    def write(self, text: str) -> None:
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        super().write(text)


async def test_tokens_that_cannot_be_kept_are_not_used_until_they_are(tmp_path: Path) -> None:
    async with signed_in(tmp_path) as world:
        disk = FullDisk(world.path)
        portal = world.portal(TokenStore(disk, tmp_path / "lock", name="the file"))
        world.expire()

        with pytest.raises(StorageFailed, match="the tokens cannot be kept in the file: No space left on device"):
            await portal.call(WHO, {})
        assert len(world.to_portal.carried) == 1
        disk.full = False
        await portal.call(WHO, {})

        assert len(world.to_server.asked) == 1
        assert world.to_portal.kept == world.to_portal.carried


async def test_a_caller_who_leaves_during_the_renewal_does_not_take_the_tokens_along(tmp_path: Path) -> None:
    async with signed_in(tmp_path) as world:
        portal = world.portal()
        world.expire()
        spent = world.on_disk["refresh_token"]

        async with anyio.create_task_group() as calls:
            calls.start_soon(portal.call, "crm.item.list", {"entityTypeId": 2})
            while not world.to_server.asked:
                await anyio.lowlevel.checkpoint()
            calls.cancel_scope.cancel()

        assert world.on_disk["refresh_token"] != spent
        assert world.on_disk["access_token"] not in world.to_portal.carried
        assert (await portal.call(WHO, {}))["ID"] == "1"
        assert len(world.to_server.asked) == 1


async def test_tokens_of_another_portal_are_not_taken(tmp_path: Path) -> None:
    async with signed_in(tmp_path) as world:
        before = world.on_disk
        world.expire()
        world.sandbox.applications.member_id = "f" * 32

        error = await failure(world)

        assert isinstance(error, SignInNeeded)
        assert "a different portal" in str(error)
        assert world.on_disk == before


async def test_without_a_sign_in_there_is_no_way_to_start(tmp_path: Path) -> None:
    async with signed_in(tmp_path) as world:
        world.path.unlink()

        error = await failure(world)

        assert isinstance(error, SignInNeeded)
        assert "bitrix24-commerce-mcp login" in error.recovery
