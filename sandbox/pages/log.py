"""The live log of REST calls: the page, and the stream of server-sent events that keeps it up to date."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from starlette.responses import StreamingResponse

from ..journal import Entry, Journal
from ..registry import METHODS
from .rendering import HEADERS, TEMPLATES, page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from ..portal import Portal

SHOWN = 100
"""Calls that a page starts with."""
LONGEST = 4_000
"""Characters of the arguments, and of the answer, that a page shows."""
CUSTOMER_PAID = "payment page"
"""What the log calls a payment that a customer made: it came by no REST method."""
_SEEMS_A_METHOD = re.compile(r"[a-z]+(\.[a-z]+)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ShownCall:
    """A call as the log shows it."""

    entry: Entry
    method: str
    brief: str
    """The arguments in one line."""
    arguments: str
    answer: str
    changes: bool
    """Whether what the portal's pages show may have changed."""

    @property
    def failed(self) -> bool:
        """Whether the caller got no result."""
        return self.entry.status is None or self.entry.status >= 400


def log_page(portal: Portal) -> Response:
    """Show the newest calls."""
    return page(portal, "log.html", calls=newest_calls(portal))


def newest_calls(portal: Portal) -> list[ShownCall]:
    """Give the newest calls, the last one first."""
    return [_shown(entry) for entry in list(portal.journal.entries)[: -SHOWN - 1 : -1]]


def event_stream(portal: Portal, request: Request) -> Response:
    """Send the calls after the one whose number the browser names, and then every call as it happens."""
    named = request.headers.get("last-event-id") or request.query_params.get("after", "")
    after = int(named) if named.isascii() and named.isdigit() and len(named) < 16 else 0
    return StreamingResponse(_events(portal.journal, after), 200, HEADERS, "text/event-stream")


async def _events(journal: Journal, last: int) -> AsyncIterator[str]:
    if not journal.entries or last > journal.entries[-1].number:
        last = 0  # the browser has seen calls of a portal that is gone
    # Once none is missing, nothing can happen before the following has begun: no call falls between.
    while missing := _after(journal, last):
        last = missing[-1].number
        yield "".join(_event(entry) for entry in missing)
    async for entry in journal.follow():
        yield _event(entry)


def _after(journal: Journal, number: int) -> list[Entry]:
    return list(takewhile(lambda entry: entry.number > number, reversed(journal.entries)))[::-1]


def _event(entry: Entry) -> str:
    call = _shown(entry)
    data = {"html": TEMPLATES.get_template("call.html").render(call=call), "changes": call.changes}
    return f"id: {entry.number}\ndata: {json.dumps(data)}\n\n"


def _shown(entry: Entry) -> ShownCall:
    known = METHODS.get(entry.method.lower())
    return ShownCall(
        entry,
        method=known.name if known else _unknown(entry.method),
        brief=_cut(", ".join(f"{name}: {_written(value)}" for name, value in entry.arguments.items()), 200),
        arguments=_readable(_written(entry.arguments)) if entry.arguments else "",
        answer=_readable(entry.answer),
        changes=known is None or known.writes,
    )


def _unknown(name: str) -> str:
    """A name that no method has may be a piece of a webhook's address: it is shown only if it looks like one."""
    return name if name == CUSTOMER_PAID or _SEEMS_A_METHOD.fullmatch(name) else "no method"


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _readable(text: str) -> str:
    """Indent JSON. What is long is cut instead: indenting it would keep the portal from answering for milliseconds."""
    if len(text) > LONGEST:
        return _cut(text)
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except ValueError:
        return text  # not JSON: a fault's doing


def _cut(text: str, longest: int = LONGEST) -> str:
    return text if len(text) <= longest else text[:longest] + "…"
