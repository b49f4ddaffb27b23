"""`/oauth/…`: the page where a person lets an application in, and the endpoint that gives tokens (facts.md §4.2)."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from .access import ADMINISTRATOR, MANAGER
from .registry import Refusal
from .request import is_same_site, parameters, read_body

if TYPE_CHECKING:
    from .applications import Application
    from .portal import Portal

_USERS = {str(user.id): user for user in (ADMINISTRATOR, MANAGER)}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<style>body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:2rem auto;padding:0 1rem}}
button{{font:inherit;padding:.5rem 1rem;margin:1rem 1rem 0 0}}</style></head>
<body><h1>{title}</h1>{body}</body>
</html>
"""
_FORM = """<p>It asks for: {scopes}.</p>
<form method="post">
<fieldset><legend>It would act for</legend>{users}</fieldset>
<button name="decision" value="allow">Allow</button>
<button name="decision" value="refuse">Refuse</button>
</form>"""
_CHOICE = '<label><input type="radio" name="user" value="{id}"{checked}> {name} {last_name}</label><br>'


def routes(portal: Portal) -> list[Route]:
    """Give the routes of OAuth 2.0."""

    async def authorize(request: Request) -> Response:
        application = portal.applications.find(request.query_params.get("client_id", ""))
        if application is None:
            return _page("Unknown application", "<p>No application has this client id.</p>", 404)
        if request.method == "GET":
            return _question(application)
        if not is_same_site(request):
            return _page("Not from here", "<p>The decision did not come from this page.</p>", 403)
        answer = await _parameters(request)
        user = _USERS.get(str(answer.get("user")))
        if answer.get("decision") != "allow" or user is None:
            return _page("Refused", f"<p>{escape(application.name)} was not let in.</p>")
        code = portal.applications.authorize(application, user, portal.clock.timestamp())
        return RedirectResponse(_way_back(portal, application, code, request.query_params.get("state", "")), 302)

    async def token(request: Request) -> Response:
        try:
            asked = await _parameters(request)
            answer = portal.applications.token(asked, portal.clock.timestamp(), portal.address)
        except Refusal as refusal:
            answer = {"error": refusal.code, "error_description": refusal.text}
            return JSONResponse(answer, refusal.status, headers={"Cache-Control": "no-store"})
        return JSONResponse(answer, headers={"Cache-Control": "no-store"})

    return [
        Route("/oauth/authorize/", authorize, methods=["GET", "POST"]),
        Route("/oauth/token/", token, methods=["GET", "POST"]),
    ]


async def _parameters(request: Request) -> dict[str, object]:
    body = await read_body(request)
    return dict(parameters(request.scope["query_string"], request.headers.get("content-type", ""), body))


def _question(application: Application) -> Response:
    users = "".join(
        _CHOICE.format(
            id=user.id,
            checked=" checked" if user is ADMINISTRATOR else "",
            name=escape(user.name),
            last_name=escape(user.last_name),
        )
        for user in _USERS.values()
    )
    body = _FORM.format(scopes=escape(", ".join(application.scopes)), users=users)
    return _page(f"Let {escape(application.name)} in?", body)


def _page(title: str, body: str, status: int = 200) -> Response:
    return HTMLResponse(_PAGE.format(title=title, body=body), status, _HEADERS)


def _way_back(portal: Portal, application: Application, code: str, state: str) -> str:
    domain = portal.address.partition("://")[2]
    query = {
        "code": code,
        "state": state,
        "domain": domain,
        "member_id": portal.applications.member_id,
        "scope": ",".join(application.scopes),
        "server_domain": domain,
    }
    separator = "&" if "?" in application.redirect_uri else "?"
    return f"{application.redirect_uri}{separator}{urlencode(query)}"
