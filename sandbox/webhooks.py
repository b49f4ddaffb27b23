"""Incoming webhooks: secret addresses that act for a user, within the scopes they were given (facts.md §4.1)."""

from __future__ import annotations

import json
import string
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING, Any

from .access import ADMINISTRATOR, MANAGER, SCOPES, Access, User
from .system_errors import system_error

if TYPE_CHECKING:
    from .store import Store

_SETTING = "webhooks"
_CODE_LETTERS = string.ascii_lowercase + string.digits


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook. Its code is the secret part of its address."""

    name: str
    code: str
    user: User
    scopes: tuple[str, ...]
    expires: float | None = None
    """Seconds since 1970."""


class Webhooks:
    """The portal's webhooks, kept in its store.

    A new portal has three: `administrator`, `manager` (may read, but not change anything) and `without_salescenter`.
    """

    def __init__(self, store: Store, random: Random) -> None:
        self._store = store
        self._random = random
        self._by_name: dict[str, Webhook] = {}
        kept = store.setting(_SETTING)
        if kept is not None:
            self._by_name = {each["name"]: _webhook(each) for each in json.loads(kept)}
        else:
            self.add("administrator", ADMINISTRATOR)
            self.add("manager", MANAGER)
            self.add("without_salescenter", ADMINISTRATOR, scopes=[each for each in SCOPES if each != "salescenter"])

    def __getitem__(self, name: str) -> Webhook:
        return self._by_name[name]

    def __iter__(self) -> Iterator[Webhook]:
        return iter(self._by_name.values())

    def add(
        self,
        name: str,
        user: User,
        *,
        scopes: Iterable[str] = SCOPES,
        code: str | None = None,
        expires: datetime | None = None,
    ) -> Webhook:
        """Make a webhook, in place of the one with the same name; without a `code` it gets a random one."""
        code = code or "".join(self._random.choices(_CODE_LETTERS, k=16))
        webhook = Webhook(name, code, user, tuple(scopes), expires.timestamp() if expires else None)
        self._by_name[name] = webhook
        self._save()
        return webhook

    def remove(self, name: str) -> None:
        """Delete a webhook: its address is refused from now on."""
        del self._by_name[name]
        self._save()

    def access(self, user_id: str, code: str, now: float) -> Access:
        """Give what an address may do. Raises `Refusal` for one that is unknown or expired."""
        webhook = next((each for each in self._by_name.values() if each.code == code), None)
        if webhook is None or str(webhook.user.id) != user_id or (webhook.expires or now) < now:
            raise system_error("NO_AUTH_FOUND")
        return Access(f"webhook {webhook.name}", webhook.user, frozenset(webhook.scopes))

    def _save(self) -> None:
        with self._store.transaction():
            self._store.remember(_SETTING, json.dumps([asdict(each) for each in self._by_name.values()]))


def _webhook(kept: dict[str, Any]) -> Webhook:
    return Webhook(kept["name"], kept["code"], User(**kept["user"]), tuple(kept["scopes"]), kept["expires"])
