"""`bitrix24-commerce-mcp login`, tried with the embedded portal and a browser that does what a person would."""

from __future__ import annotations

import socket
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import anyio
import pytest
from bitrix24_commerce.sandbox import Portal as Sandbox
from bitrix24_commerce.server.login import login
from bitrix24_commerce.server.oauth_portal import oauth_portal
from bitrix24_commerce.server.settings import InvalidSettings

from .person import SECRET, Person, goes_along, paste

pytestmark = pytest.mark.anyio


@pytest.fixture
def person(sandbox: Sandbox, tmp_path: Path) -> Person:
    return Person(sandbox, tmp_path)


async def test_a_person_signs_in_and_the_server_can_start(person: Person) -> None:
    assert await person.sign_in(goes_along)

    assert f"Signed in to {person.sandbox.address}. The tokens are kept in {person.path}." in person.text
    assert stat.S_IMODE(person.path.stat().st_mode) == 0o600
    async with oauth_portal(person.settings)() as portal:
        assert (await portal.call("user.current", {}))["ID"] == "1"


async def test_what_is_not_set_is_asked_for(person: Person) -> None:
    person.answers = [person.sandbox.address, " local.5f ", SECRET]
    person.settings = replace(person.settings, portal="", client_id="", client_secret="")

    assert await person.sign_in(goes_along)


async def stumbles_first(person: Person) -> None:
    page = person.local_page
    person.configure(page)
    for visit in (
        "favicon.ico",
        "?state=x",
        "?code=stolen",
        "?code=stolen&state=guessed",
        "?code=%ff&state=%ff&state=ü",
    ):
        answer = await person.browser.get(page + visit)
        assert (answer.status_code, "Not signed in" in answer.text) == (400, True)
        assert "stolen" not in answer.text
    assert (await person.browser.post(page, data={"code": "c"})).status_code == 400
    port = int(page.rsplit(":", 1)[1].strip("/"))
    for noise in (b"", b"\x16\x03\x01\x02\x00\r\n\r\n", b"GET /" + b"x" * 20_000):
        async with await anyio.connect_tcp("127.0.0.1", port) as stream:
            await stream.send(noise)
    await goes_along(person)


async def test_visits_that_bring_no_code_of_this_sign_in_change_nothing(person: Person) -> None:
    assert await person.sign_in(stumbles_first)


async def test_the_page_is_open_to_this_machine_only(person: Person) -> None:
    async def knocks(person: Person) -> None:
        port = int(person.local_page.rsplit(":", 1)[1].strip("/"))
        with socket.create_server(("127.0.0.2", port)):  # free, so nobody listens on all addresses
            pass
        await goes_along(person)

    assert await person.sign_in(knocks)


async def test_the_address_can_be_pasted_when_the_browser_is_elsewhere(person: Person) -> None:
    paste(person, "https://till.example/back?code={code}&state={state}&domain=example.bitrix24.com&scope=crm%2Csale")

    assert await login(person.settings, paste=True, terminal=person.terminal)

    async with oauth_portal(person.settings)() as portal:
        assert (await portal.call("user.current", {}))["ID"] == "1"


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("https://till.example/back?code={code}&state=other", "was not asked for by this sign-in"),
        ("https://till.example/back?code={code}", "was not asked for by this sign-in"),
        ("https://till.example/back?state={state}", "holds no code"),
        ("https://[till.example/back", "holds no code"),
        ("never mind", "holds no code"),
        ("", "the address is not set, and nobody gave it here"),
        (
            "https://till.example/back?code=0ther&state={state}",
            "A code serves once, and for 30 seconds: sign in again.",
        ),
    ],
)
async def test_an_address_without_the_code_of_this_sign_in_is_refused(person: Person, address: str, why: str) -> None:
    paste(person, address)

    assert not await login(person.settings, paste=True, terminal=person.terminal)

    assert "Not signed in: " in person.text
    assert why in person.text
    assert not person.path.exists()


async def test_a_code_older_than_30_seconds_is_explained(person: Person) -> None:
    async def dawdles(person: Person) -> None:
        person.configure(person.local_page)
        address = await person.agree()
        person.sandbox.clock.advance(31)
        await person.browser.get(address)

    assert not await person.sign_in(dawdles)
    assert "A code serves once, and for 30 seconds: sign in again." in person.text


async def test_a_wrong_client_secret_is_explained(person: Person) -> None:
    person.settings = replace(person.settings, client_secret="wr0ng")

    assert not await person.sign_in(goes_along)
    assert "Compare BITRIX24_CLIENT_ID and BITRIX24_CLIENT_SECRET" in person.text
    assert "wr0ng" not in person.text


async def test_a_portal_of_another_authorisation_server_is_explained(person: Person) -> None:
    elsewhere = "https://till.example/back?code={code}&state={state}&server_domain=oauth.bitrix24.tech"
    paste(person, elsewhere)
    person.settings = replace(person.settings, client_secret="wr0ng")

    assert not await login(person.settings, paste=True, terminal=person.terminal)
    assert "set BITRIX24_OAUTH_SERVER=https://oauth.bitrix24.tech, then sign in again" in person.text


async def test_a_person_who_does_not_come_back_is_not_waited_for_any_longer(person: Person) -> None:
    async def wanders_off(person: Person) -> None:
        pass

    assert not await person.sign_in(wanders_off, wait=0)
    assert "nobody came back from the portal within 0 minutes" in person.text


async def test_a_port_that_is_taken_is_told(person: Person) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]

        assert not await login(person.settings, port=port, terminal=person.terminal)

    assert f"port {port} on this machine: Address already in use. Choose another with --port" in person.text


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"portal": ""}, "BITRIX24_PORTAL is not set, and nobody gave it here"),
        ({"client_id": ""}, "BITRIX24_CLIENT_ID is not set, and nobody gave it here"),
        ({"client_secret": ""}, "BITRIX24_CLIENT_SECRET is not set, and nobody gave it here"),
        ({"portal": "http://example.bitrix24.com"}, "the portal's address must use https"),
        (
            {"portal": "https://user:word@example.bitrix24.com"},
            "the portal's address must hold nothing but host and path",
        ),
        ({"oauth_server": "http://oauth.bitrix.info"}, "BITRIX24_OAUTH_SERVER must use https"),
    ],
)
async def test_what_is_missing_or_unusable_is_told(person: Person, change: dict[str, str], why: str) -> None:
    person.settings = replace(person.settings, **change)  # type: ignore[arg-type]

    assert not await login(person.settings, terminal=person.terminal)

    assert person.text.startswith(f"Not signed in: {why}")


def test_a_secret_is_not_asked_for_where_it_would_be_seen() -> None:
    command = (
        "from bitrix24_commerce.server.login import run, Settings;"
        "raise SystemExit(run(Settings(portal='example.bitrix24.com', client_id='local.5f')))"
    )

    done = subprocess.run(
        [sys.executable, "-c", command], input=SECRET, capture_output=True, text=True, start_new_session=True
    )

    assert done.returncode == 1
    assert done.stdout == "Not signed in: BITRIX24_CLIENT_SECRET is not set, and nobody gave it here\n"
    assert SECRET not in done.stderr


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"client_secret": ""}, "BITRIX24_PORTAL needs BITRIX24_CLIENT_ID and BITRIX24_CLIENT_SECRET beside it"),
        (
            {"token_file": "/nowhere/tokens.json"},
            r"there are no tokens in /nowhere/tokens\.json\. Run `bitrix24-commerce-mcp",
        ),
        (
            {"portal": "example.bitrix24.com"},
            r"BITRIX24_PORTAL is https://example\.bitrix24\.com, but the tokens in .* are for",
        ),
        ({"portal": "http://example.bitrix24.com"}, "BITRIX24_PORTAL must use https"),
    ],
)
async def test_a_server_does_not_start_without_a_fitting_sign_in(
    person: Person, change: dict[str, str], why: str
) -> None:
    assert await person.sign_in(goes_along)

    with pytest.raises(InvalidSettings, match=why):
        oauth_portal(replace(person.settings, **change))  # type: ignore[arg-type]
