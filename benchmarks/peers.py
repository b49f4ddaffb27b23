"""The same work by `fast-bitrix24` and `b24pysdk`, done as their documentation shows it. Nothing of theirs is changed.

`b24pysdk` speaks https only: it reaches the same portal through a TLS door on this machine, whose certificate it is
told to trust by the variable that `requests` reads.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Protocol
from urllib.parse import urlsplit

from .limited_portal import LimitedPortal


class Peer(Protocol):
    """Another client of the API."""

    name: str

    def read_list(self, portal: LimitedPortal, method: str, parameters: Mapping[str, Any]) -> int:
        """Read all pages of a list; gives the number of records."""
        ...

    def read_each(self, portal: LimitedPortal, method: str, parameters: Sequence[Mapping[str, Any]]) -> int:
        """Make many calls that do not depend on each other; gives their number."""
        ...


class FastBitrix24:
    name = "fast-bitrix24"

    def read_list(self, portal: LimitedPortal, method: str, parameters: Mapping[str, Any]) -> int:
        return len(asyncio.run(self._client(portal).get_all(method, dict(parameters))))

    def read_each(self, portal: LimitedPortal, method: str, parameters: Sequence[Mapping[str, Any]]) -> int:
        asyncio.run(self._client(portal).call(method, [dict(each) for each in parameters]))
        return len(parameters)

    def _client(self, portal: LimitedPortal) -> Any:
        return import_module("fast_bitrix24").BitrixAsync(portal.webhook, verbose=False)


class B24PySdk:
    name = "b24pysdk"

    def read_list(self, portal: LimitedPortal, method: str, parameters: Mapping[str, Any]) -> int:
        return len(self._client(portal).call_list(method, dict(parameters))["result"])

    def read_each(self, portal: LimitedPortal, method: str, parameters: Sequence[Mapping[str, Any]]) -> int:
        answer = self._client(portal).call_batches([(method, dict(each)) for each in parameters])
        return len(answer["result"]["result"])

    def _client(self, portal: LimitedPortal) -> Any:
        os.environ["REQUESTS_CA_BUNDLE"] = str(portal.certificate)
        _, user, code = urlsplit(portal.webhook).path.strip("/").split("/")
        return import_module("b24pysdk").BitrixWebhook(domain=portal.secure_host, webhook_token=f"{user}/{code}")


PEERS: tuple[Peer, ...] = (FastBitrix24(), B24PySdk())
