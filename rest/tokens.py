"""What signing in gives: the tokens of one user at one portal (facts.md §4.2)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from .address import InvalidAddress, origin_of

_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{1,4096}")
"""What may stand in an `Authorization: Bearer` header (RFC 6750 §2.1)."""


class UnreadableTokens(ValueError):
    """Something that should hold tokens does not. The message names what is wrong, and repeats nothing of it."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """An access token (one hour) and the refresh token (180 days, and once) that gives the next pair."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    origin: str
    """Scheme, host and port of the portal, from `client_endpoint`."""
    member_id: str
    """The portal's identity, which a change of its address does not change (facts.md §1.4)."""
    user_id: int | None = None
    """Whom the tokens act for; the portal tells it only when they are refreshed."""
    scope: str = ""

    @classmethod
    def granted(cls, answer: Mapping[str, Any]) -> Tokens:
        """Read the authorisation server's answer.

        Raises:
            UnreadableTokens: It holds no tokens.

        """
        return cls._checked({**answer, "origin": answer.get("client_endpoint")})

    @classmethod
    def from_json(cls, text: str) -> Tokens:
        """Read what `to_json` wrote.

        Raises:
            UnreadableTokens: It is not that.

        """
        try:
            stored: object = json.loads(text)
        except ValueError:
            stored = None
        if not isinstance(stored, dict):
            raise UnreadableTokens("it is not a JSON object")
        return cls._checked(cast("dict[str, Any]", stored))

    def to_json(self) -> str:
        """A JSON object that `from_json` reads. A secret."""
        return json.dumps({name: getattr(self, name) for name in self.__slots__}, indent=1)

    @classmethod
    def _checked(cls, found: Mapping[str, Any]) -> Tokens:
        for name in ("access_token", "refresh_token", "member_id"):
            if not isinstance(found.get(name), str) or not _TOKEN.fullmatch(found[name]):
                raise UnreadableTokens(f"{name} is missing or malformed")
        user, scope = found.get("user_id"), found.get("scope")
        return cls(
            found["access_token"],
            found["refresh_token"],
            _origin(found.get("origin")),
            found["member_id"],
            int(user) if isinstance(user, int | str) and str(user).isdecimal() else None,
            scope if isinstance(scope, str) else "",
        )


def _origin(address: object) -> str:
    try:
        return origin_of(str(address or ""))
    except InvalidAddress as error:
        problem = str(error)
    raise UnreadableTokens(problem)
