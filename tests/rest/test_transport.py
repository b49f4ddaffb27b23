"""A portal that answers from another address: followed once, with the body kept, and never astray (facts.md §1.4)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator

import httpx2
import pytest
from bitrix24_commerce.rest import AuthorizationServer, OAuthCredentials, TokenStore, Webhook, WebhookCredentials
from bitrix24_commerce.rest.authorization_server import Application
from bitrix24_commerce.rest.connection import Connection
from bitrix24_commerce.rest.errors import Moved, NoReply, Outcome, PortalError, Unreachable, UnreadableReply
from bitrix24_commerce.rest.tokens import Tokens
from bitrix24_commerce.rest.transport import Credentials

pytestmark = pytest.mark.anyio

OLD = "https://old.bitrix24.com"
NEW = "https://new.bitrix24.com"
CODE = "wq0rhj4m8fxz1v2k"
TOKEN = "acc3ss0f0ur0wn"
ADD = "crm.item.payment.add"
BODY = {"entityId": 13142, "entityTypeId": 2}
HOOK_PATH = f"/rest/1/{CODE}/{ADD}"


def webhook(origin: str = OLD) -> WebhookCredentials:
    return WebhookCredentials(Webhook.parse(f"{origin}/rest/1/{CODE}/"))


def oauth(origin: str = OLD) -> OAuthCredentials:
    tokens = Tokens(TOKEN, "r3fresh", origin, "a223c6b3710f85df22e9377d6c4f7553")
    return OAuthCredentials(tokens, AuthorizationServer(Application("local.1", "s3cret")), TokenStore.at("unused"))


class Web:
    """The network: what each host answers, and every request that left."""

    def __init__(self, **hosts: Callable[[httpx2.Request], httpx2.Response]) -> None:
        self.hosts = {name.replace("_", "."): answer for name, answer in hosts.items()}
        self.sent: list[httpx2.Request] = []
        self.moves: list[str] = []

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.sent.append(request)
        return self.hosts[request.url.host](request)

    def connection(self, credentials: Credentials) -> Connection:
        return Connection(credentials, transport=httpx2.MockTransport(self._answer), moved=self.moves.append)

    @property
    def addresses(self) -> list[str]:
        return [str(request.url) for request in self.sent]


def result(value: object) -> Callable[[httpx2.Request], httpx2.Response]:
    return lambda request: httpx2.Response(200, json={"result": value})


def redirect(location: str | None, status: int = 302) -> Callable[[httpx2.Request], httpx2.Response]:
    return lambda request: httpx2.Response(status, headers={} if location is None else {"Location": location})


async def refused(web: Web, credentials: Credentials) -> PortalError:
    """The error of a call to a portal that redirects, after which the address is as before."""
    with pytest.raises(PortalError) as caught:
        await web.connection(credentials).send(ADD, BODY)
    assert credentials.origin == OLD
    assert web.moves == []
    return caught.value


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_moved_portal_gets_the_same_post_once_more_and_is_remembered(status: int) -> None:
    web = Web(old_bitrix24_com=redirect(NEW + HOOK_PATH, status), new_bitrix24_com=result(1041))
    connection = web.connection(webhook())

    assert (await connection.send(ADD, BODY)).result == 1041
    assert (await connection.send(ADD, BODY)).result == 1041

    assert web.addresses == [OLD + HOOK_PATH, NEW + HOOK_PATH, NEW + HOOK_PATH]
    assert {request.method for request in web.sent} == {"POST"}
    assert {request.content for request in web.sent} == {b'{"entityId": 13142, "entityTypeId": 2}'}
    assert {request.headers["Content-Type"] for request in web.sent} == {"application/json"}
    assert [request.headers["Host"] for request in web.sent] == ["old.bitrix24.com", *["new.bitrix24.com"] * 2]
    assert web.moves == [NEW]
    assert connection.origin == NEW


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_the_access_token_goes_along_to_the_new_address(status: int) -> None:
    web = Web(old_bitrix24_com=redirect(f"{NEW}/rest/{ADD}", status), new_bitrix24_com=result(1041))
    connection = web.connection(oauth())

    assert (await connection.send(ADD, BODY)).result == 1041
    assert (await connection.send(ADD, BODY)).result == 1041

    assert web.addresses == [f"{OLD}/rest/{ADD}", f"{NEW}/rest/{ADD}", f"{NEW}/rest/{ADD}"]
    assert {request.headers["Authorization"] for request in web.sent} == {f"Bearer {TOKEN}"}
    assert web.moves == [NEW]


@pytest.mark.parametrize(
    ("location", "reached"),
    [
        (f"//new.bitrix24.com{HOOK_PATH}", NEW),
        (f"https://new.bitrix24.com:8443{HOOK_PATH}", f"{NEW}:8443"),
        (f"https://old.bitrix24.com:8443{HOOK_PATH}", f"{OLD}:8443"),
        (f"HTTPS://NEW.bitrix24.com{HOOK_PATH}", NEW),
        (f"https://new.bitrix24.com:443{HOOK_PATH}", NEW),
        (f"https://new.bitrix24.com/rest/2/../1/{CODE}/{ADD}", NEW),
        (f"https://new.bitrix24.com{HOOK_PATH}#top", NEW),
    ],
)
async def test_every_way_to_write_the_new_address(location: str, reached: str) -> None:
    web = Web(old_bitrix24_com=lambda request: moved_or_there(request, location), new_bitrix24_com=result(1))
    connection = web.connection(webhook())

    assert (await connection.send(ADD, BODY)).result == 1
    assert connection.origin == reached
    assert web.addresses[1] == reached + HOOK_PATH + location.partition("#")[1] + location.partition("#")[2]


def moved_or_there(request: httpx2.Request, location: str) -> httpx2.Response:
    return (result(1) if request.url.port == 8443 else redirect(location))(request)


@pytest.mark.parametrize("make", [webhook, oauth])
@pytest.mark.parametrize(
    ("location", "why"),
    [
        (None, "redirects to no usable address"),
        ("", "redirects to no usable address"),
        ("{path}", "redirects to no usable address"),
        (OLD + "{path}", "redirects to no usable address"),
        ("https://user:word@new.bitrix24.com{path}", "redirects to no usable address"),
        ("https://user@new.bitrix24.com{path}", "redirects to no usable address"),
        ("https://{path}", "redirects to no usable address"),
        ("https://[new{path}", "redirects to no usable address"),
        ("https://new.bitrix24.com:port{path}", "redirects to no usable address"),
        ("https://new.bitrix24.com:99999{path}", "redirects to no usable address"),
        ("https://new.bitrix24.com{path}?" + "x" * 100_000, "redirects to no usable address"),
        ("https://new.bitrix24.com{path}\x01", "redirects to no usable address"),
        ("http://new.bitrix24.com{path}", "without https, where the secret would travel in the open"),
        ("http://old.bitrix24.com{path}", "without https, where the secret would travel in the open"),
        ("http://127.0.0.1{path}", "without https, where the secret would travel in the open"),
        ("ftp://new.bitrix24.com{path}", "without https, where the secret would travel in the open"),
        ("https://new.bitrix24.com/", "not to the same account and method there"),
        ("https://new.bitrix24.com/auth/?backurl=/", "not to the same account and method there"),
        ("https://new.bitrix24.com/rest/2/other/" + ADD, "not to the same account and method there"),
        ("https://new.bitrix24.com{path}.json", "not to the same account and method there"),
        ("https://new.bitrix24.com{path}?entityId=1", "not to the same account and method there"),
        ("https://new.bitrix24.com{path}/../crm.item.payment.delete", "not to the same account and method there"),
        ("login.php", "not to the same account and method there"),
    ],
)
async def test_a_redirect_that_leads_astray_is_not_followed(
    make: Callable[[], Credentials], location: str | None, why: str
) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        return redirect(location and location.replace("{path}", request.url.path))(request)

    web = Web(old_bitrix24_com=answer)

    error = await refused(web, make())

    assert isinstance(error, Moved)
    assert why in error.description
    assert error.outcome is Outcome.NOT_APPLIED
    assert CODE not in str(error)
    assert len(web.sent) == 1


@pytest.mark.parametrize("onward", [OLD, "https://third.bitrix24.com"])
async def test_a_second_redirect_ends_the_journey(onward: str) -> None:
    web = Web(old_bitrix24_com=redirect(NEW + HOOK_PATH), new_bitrix24_com=redirect(onward + HOOK_PATH))

    error = await refused(web, webhook())

    assert isinstance(error, Moved)
    assert "redirects to new.bitrix24.com, which redirects once more" in error.description
    assert len(web.sent) == 2


@pytest.mark.parametrize("status", [300, 303, 304, 305])
async def test_other_3xx_answers_leave_a_write_unknown_since_303_follows_a_request_carried_out(status: int) -> None:
    web = Web(old_bitrix24_com=redirect(NEW + HOOK_PATH, status))

    error = await refused(web, webhook())

    assert isinstance(error, UnreadableReply)
    assert error.outcome is Outcome.UNKNOWN
    assert len(web.sent) == 1


async def test_an_address_that_answers_with_a_page_is_not_remembered_as_the_portal() -> None:
    parked = httpx2.Response(200, html="<html>This domain is parked</html>")
    web = Web(old_bitrix24_com=redirect(NEW + HOOK_PATH), new_bitrix24_com=lambda request: parked)

    assert isinstance(await refused(web, webhook()), UnreadableReply)


async def test_an_error_of_the_portal_at_its_new_address_is_the_portals() -> None:
    no = httpx2.Response(401, json={"error": "NO_AUTH_FOUND", "error_description": "Wrong authorization data"})
    web = Web(old_bitrix24_com=redirect(NEW + HOOK_PATH), new_bitrix24_com=lambda request: no)

    with pytest.raises(PortalError, match="NO_AUTH_FOUND"):
        await web.connection(webhook()).send(ADD, BODY)
    assert web.moves == [NEW]


def breaks(error: type[httpx2.TransportError]) -> Callable[[httpx2.Request], httpx2.Response]:
    def answer(request: httpx2.Request) -> httpx2.Response:
        raise error("broken")

    return answer


@pytest.mark.parametrize(("failure", "expected"), [(httpx2.ConnectError, Unreachable), (httpx2.ReadError, NoReply)])
async def test_a_new_address_that_fails_is_told_apart_as_the_old_one_is(
    failure: type[httpx2.TransportError], expected: type[PortalError]
) -> None:
    web = Web(old_bitrix24_com=redirect(NEW + HOOK_PATH), new_bitrix24_com=breaks(failure))

    assert isinstance(await refused(web, webhook()), expected)


async def test_plain_http_stays_on_loopback() -> None:
    sandbox = "http://127.0.0.1:8024"

    def onward(request: httpx2.Request) -> httpx2.Response:
        return redirect(f"http://localhost:8024{request.url.path}")(request)

    web = Web(**{"127_0_0_1": onward, "localhost": result(1)})
    connection = web.connection(webhook(sandbox))

    assert (await connection.send(ADD, BODY)).result == 1
    assert connection.origin == "http://localhost:8024"


async def test_plain_http_leaves_this_machine_under_no_name() -> None:
    sandbox = webhook("http://127.0.0.1:8024")
    web = Web(**{"127_0_0_1": redirect(f"http://new.bitrix24.com{HOOK_PATH}")})

    with pytest.raises(Moved, match="without https"):
        await web.connection(sandbox).send(ADD, BODY)
    assert len(web.sent) == 1


class Body(httpx2.AsyncByteStream):
    """An answer's body that knows whether it was closed."""

    closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b""

    async def aclose(self) -> None:
        self.closed = True


@pytest.fixture
def bodies() -> Iterator[list[Body]]:
    """Bodies handed out, all of which must be closed at the end."""
    found: list[Body] = []
    yield found
    assert found and all(body.closed for body in found)


@pytest.mark.parametrize("location", [None, f"{NEW}{HOOK_PATH}"])
async def test_no_redirect_keeps_its_connection_open(bodies: list[Body], location: str | None) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        bodies.append(Body())
        return httpx2.Response(302, headers={"Location": location} if location else {}, stream=bodies[-1])

    await refused(Web(old_bitrix24_com=answer, new_bitrix24_com=answer), webhook())


async def test_the_portals_cookies_are_not_sent_back():
    seen: list[str | None] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.headers.get("Cookie"))
        return httpx2.Response(200, json={"result": True}, headers={"Set-Cookie": "PHPSESSID=1; path=/"})

    connection = Connection(
        WebhookCredentials(Webhook.parse("https://a.example/rest/1/code/")), transport=httpx2.MockTransport(answer)
    )
    for _ in range(2):
        await connection.send("profile", {})
    await connection.aclose()
    assert seen == [None, None]
