"""What is measured next to us: the same work by `fast-bitrix24` and `b24pysdk`, as their documentation shows it.

`b24pysdk` speaks https only: it reaches the same portal through a TLS door on this machine, whose certificate it is
told to trust by the variable that `requests` reads. Neither is changed in any way.
"""

from __future__ import annotations

import asyncio
import os
import time
import warnings
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from .limited_portal import LimitedPortal


def fast_bitrix24_list(portal: LimitedPortal, method: str, parameters: dict[str, Any]) -> int:
    """Read a whole list; gives the number of records."""
    from fast_bitrix24 import BitrixAsync

    client = BitrixAsync(portal.webhook, verbose=False)
    with warnings.catch_warnings(action="ignore") if False else warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return len(asyncio.run(client.get_all(method, dict(parameters))))
