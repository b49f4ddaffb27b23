"""`bitrix24-commerce-mcp login`: a person lets the application in, in a browser, and its tokens are kept.

The portal sends the browser back with a code that lives 30 seconds (facts.md §4.2): to a page on this machine, or, when
the browser is on another one, to an address that the person pastes here.
"""

from __future__ import annotations

import getpass
import re
import secrets
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from hmac import compare_digest
from urllib.parse import parse_qsl, urlencode, urlsplit

import anyio
import httpx2

from ..rest import Application, AuthorizationServer, InvalidAddress, PortalError, TokenStore, origin_of
from ..rest.tokens import Tokens
from .loopback_page import NotTheAnswer, address, first_answer, listen
from .oauth_portal import token_store
from .settings import Settings

DEFAULT_PORT = 8724
"""Fixed, because the page's address has to stand in the application's settings on the portal."""
_WAIT = 300.0
"""Seconds for the person to sign in."""


class LoginFailed(Exception):
    """Nobody is signed in. The message says why, and what to do."""


def _ask_hidden(prompt: str) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)  # It warns where it would echo.
        return getpass.getpass(prompt)


@dataclass(frozen=True, slots=True)
class Terminal:
    """How the walk-through talks with the person."""

    say: Callable[[str], None] = print
    ask: Callable[[str], str] = input
    ask_hidden: Callable[[str], str] = _ask_hidden


@dataclass(frozen=True, slots=True)
class Granted:
    """What the browser brings back."""

    code: str = field(repr=False)
    server_domain: str
    """The authorisation server that the portal names; empty if it is no host name."""


def run(settings: Settings, *, port: int = DEFAULT_PORT, paste: bool = False) -> int:
    """Walk a person through signing in, and give the exit status."""
    return 0 if anyio.run(partial(login, settings, port=port, paste=paste)) else 1


async def login(
    settings: Settings,
    *,
    port: int = DEFAULT_PORT,
    paste: bool = False,
    wait: float = _WAIT,
    terminal: Terminal | None = None,
    transport: httpx2.AsyncBaseTransport | None = None,
) -> bool:
    """Walk a person through signing in, and keep the tokens. Says what went wrong, and gives whether it went well.

    Settings that are empty are asked for. `port` is the local page's (0: any that is free), `wait` is in seconds. With
    `paste` there is no local page: the person pastes the address that the browser ended at.
    """
    terminal = terminal or Terminal()
    try:
        store = token_store(settings)
        portal = origin_of(settings.portal or _asked(terminal.ask, "The portal's address", "BITRIX24_PORTAL"))
        application = Application(
            settings.client_id or _asked(terminal.ask, "The application's client id", "BITRIX24_CLIENT_ID"),
            settings.client_secret
            or _asked(terminal.ask_hidden, "Its client secret (not shown)", "BITRIX24_CLIENT_SECRET"),
            origin_of(settings.oauth_server, "BITRIX24_OAUTH_SERVER"),
        )
        state = secrets.token_urlsafe(32)
        page = f"{portal}/oauth/authorize/?{urlencode({'client_id': application.client_id, 'state': state})}"
        granted = _pasted(page, state, terminal) if paste else await _received(page, state, port, wait, terminal)
        tokens = await _exchanged(AuthorizationServer(application, transport=transport), granted)
        await _kept(store, tokens)
    except (LoginFailed, InvalidAddress) as error:
        terminal.say(f"Not signed in: {error}")
        return False
    except PortalError as error:
        terminal.say(f"Not signed in: {error}\n{error.recovery}")
        return False
    terminal.say(
        f"Signed in to {tokens.origin}. The tokens are kept in {store.name}.\nNow start the server with "
        f"BITRIX24_PORTAL={tokens.origin}, BITRIX24_CLIENT_ID and BITRIX24_CLIENT_SECRET set.\n"
        "It renews the tokens by itself. They end when it is not used for 180 days."
    )
    return True


def _asked(ask: Callable[[str], str], what: str, setting: str) -> str:
    try:
        answer = ask(f"{what}: ").strip()
    except (EOFError, getpass.GetPassWarning):
        answer = ""
    if not answer:
        raise LoginFailed(f"{setting} is not set, and nobody gave it here")
    return answer


async def _received(page: str, state: str, port: int, wait: float, terminal: Terminal) -> Granted:
    """What the browser brings to the local page."""
    try:
        listener = await listen(port)
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise LoginFailed(
            f"port {port} on this machine: {reason}. Choose another with --port, or use --paste"
        ) from None
    async with listener:
        terminal.say(
            "1. In the application's settings on the portal, the handler path has to be\n"
            f"   {address(listener)}\n"
            "2. Open this page in a browser on this machine, as the user that the server shall act for, and agree:\n"
            f"   {page}\n"
            f"Waiting {wait / 60:g} minutes. (Is the browser on another machine? Stop this, and add --paste.)"
        )
        with anyio.move_on_after(wait):
            return await first_answer(listener, partial(read_redirect, state=state))
    raise LoginFailed(
        f"nobody came back from the portal within {wait / 60:g} minutes. If the browser showed an error, compare"
        " client id and handler path with the application's settings on the portal"
    )


def _pasted(page: str, state: str, terminal: Terminal) -> Granted:
    """What the address holds that the browser ended at."""
    terminal.say(
        "1. Open this page in a browser, as the user that the server shall act for, and agree:\n"
        f"   {page}\n"
        "2. The browser goes on to the application's address, which need not answer. Copy that whole address from the\n"
        "   address bar and paste it here within 30 seconds."
    )
    try:
        return read_redirect(_asked(terminal.ask, "The address", "the address"), state)
    except NotTheAnswer as error:
        problem = str(error)
    raise LoginFailed(problem)


def read_redirect(target: str, state: str) -> Granted:
    """The code in an address that the portal sent the browser to.

    Raises:
        NotTheAnswer: There is none, or it does not belong to this sign-in.

    """
    try:
        query = dict(parse_qsl(urlsplit(target).query))
    except ValueError:
        query = {}
    code = query.get("code", "")
    if not code:
        raise NotTheAnswer("The address holds no code.")
    if not compare_digest(query.get("state", "").encode(errors="replace"), state.encode()):
        raise NotTheAnswer("The code was not asked for by this sign-in: open the page anew.")
    domain = query.get("server_domain", "")
    return Granted(code, domain if re.fullmatch(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?", domain) else "")


async def _exchanged(server: AuthorizationServer, granted: Granted) -> Tokens:
    try:
        return await server.exchange(granted.code)
    except PortalError as error:
        ours = server.application.server.partition("://")[2]
        if granted.server_domain not in ("", ours):
            error.recovery = (
                f"The portal names {granted.server_domain} as its authorisation server, and {ours} was asked: set"
                f" BITRIX24_OAUTH_SERVER=https://{granted.server_domain}, then sign in again."
            )
        elif error.code == "invalid_grant":
            error.recovery = "A code serves once, and for 30 seconds: sign in again."
        raise


async def _kept(store: TokenStore, tokens: Tokens) -> None:
    async with store.held():
        store.save(tokens)
