"""An access token lives an hour. What happens then must cost nobody anything (facts.md §4.2)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anyio
import pytest
from bitrix24_commerce.rest import Portal, TokenStore
from bitrix24_commerce.rest.errors import AuthorizationFailed, PortalError, ScopeMissing

from .signed_in import WHO, signed_in

pytestmark = pytest.mark.anyio


async def who(portal: Portal) -> Any:
    return await portal.call(WHO, {})


async def test_a_call_carries_the_access_token_in_a_header_and_nowhere_else(tmp_path: Path) -> None:
    async with signed_in(tmp_path) as world:
        tokens = await world.sign_in()

        user = await world.portal().call(WHO, {})

        assert user["ID"] == "1"
        assert world.to_portal.carried == [tokens.access_token]
        assert world.to_server.asked == []


async def test_an_expired_token_is_renewed_and_the_call_repeated(tmp_path: Path) -> None:
    async with signed_in(tmp_path) as world:
        first = await world.sign_in()
        portal = world.portal()
        world.expire()

        await portal.call(WHO, {})
        await portal.call(WHO, {})

        assert len(world.to_server.asked) == 1
        renewed = world.on_disk["access_token"]
        assert world.to_portal.carried == [first.access_token, renewed, renewed]
        assert world.on_disk["refresh_token"] != first.refresh_token
        assert world.on_disk["user_id"] == 1


async def test_renewed_tokens_are_on_the_disk_before_a_call_carries_them(tmp_path: Path) -> None:
    async with signed_in(tmp_path) as world:
        portal = world.portal()
        for _ in range(3):
            world.expire()
            await portal.call(WHO, {})

        assert len(set(world.to_portal.carried)) == 4
        assert world.to_portal.kept == world.to_portal.carried


async def test_a_process_started_later_goes_on_with_the_renewed_tokens(tmp_path: Path) -> None:
    async with signed_in(tmp_path) as world:
        world.expire()
        await world.portal().call(WHO, {})
        world.expire()

        await world.portal().call(WHO, {})

        assert len(world.to_server.asked) == 2


async def test_many_waiting_calls_share_one_renewal(tmp_path: Path) -> None:
    async with signed_in(tmp_path) as world:
        portal = world.portal()
        world.expire()

        async with anyio.create_task_group() as calls:
            for start in range(20):
                calls.start_soon(portal.call, "crm.item.list", {"entityTypeId": 2, "start": 50 * start})

        assert len(world.to_server.asked) == 1
        assert world.to_portal.carried.count(world.on_disk["access_token"]) == 20


async def test_processes_that_share_a_file_do_not_spend_each_others_refresh_token(tmp_path: Path) -> None:
    async with signed_in(tmp_path) as world:
        portals = [world.portal(TokenStore.at(world.path)) for _ in range(3)]
        world.expire()

        async with anyio.create_task_group() as calls:
            for portal in portals:
                calls.start_soon(who, portal)

        assert len(world.to_server.asked) == 1


async def test_a_write_that_met_an_expired_token_is_carried_out_once(tmp_path: Path) -> None:
    async with signed_in(tmp_path) as world:
        portal = world.portal()
        world.expire()

        row = {"ownerType": "D", "ownerId": 13142, "productName": "Gift wrapping", "price": 100}
        await portal.call("crm.item.productrow.add", {"fields": row})

        assert world.carried_out() == ["crm.item.productrow.add"]


async def test_the_portals_address_is_taken_from_the_renewal(tmp_path: Path) -> None:
    async with signed_in(tmp_path) as world:
        portal = world.portal()
        world.expire()
        renamed = world.sandbox.address.replace("127.0.0.1", "localhost")
        world.sandbox.address = renamed

        await portal.call(WHO, {})

        assert portal.origin == renamed
        assert world.on_disk["origin"] == renamed


@pytest.mark.parametrize("method", ["no.such.method", "crm.item.payment.get"])
async def test_no_other_error_renews_the_tokens(tmp_path: Path, method: str) -> None:
    async with signed_in(tmp_path) as world:
        with pytest.raises(PortalError):
            await world.portal().call(method, {"id": 999_999})

        assert world.to_server.asked == []


async def test_a_missing_permission_does_not_renew_the_tokens(tmp_path: Path) -> None:
    async with signed_in(tmp_path, scopes=("user",)) as world:
        with pytest.raises(ScopeMissing):
            await world.portal().call("crm.item.list", {"entityTypeId": 2})

        assert world.to_server.asked == []


async def test_revoked_tokens_are_not_renewed_and_the_way_out_is_told(tmp_path: Path) -> None:
    async with signed_in(tmp_path) as world:
        world.revoke()

        with pytest.raises(AuthorizationFailed) as caught:
            await world.portal().call(WHO, {})

        assert "bitrix24-commerce-mcp login" in caught.value.recovery
        assert world.to_server.asked == []


@pytest.mark.parametrize("what", ["expire", "revoke"])
async def test_a_running_server_goes_on_after_a_new_sign_in_elsewhere(tmp_path: Path, what: str) -> None:
    async with signed_in(tmp_path) as world:
        portal = world.portal()
        getattr(world, what)()
        await world.sign_in()

        assert (await portal.call(WHO, {}))["ID"] == "1"
        assert world.to_server.asked == []
