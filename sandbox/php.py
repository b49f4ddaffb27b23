"""Names and values as PHP reads them from a query string or a form: `filter[%40id][0]=5&a[]=1` (facts.md §1.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

MAX_DEPTH = 64
"""How many levels deep the portal reads anything; PHP's own bound for forms."""

_NAME = re.compile(r"([^\[]+)((?:\[[^\]]*\])*)")
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")


class Malformed(ValueError):
    """What came cannot be read: not UTF-8, or nested too deeply."""


class _Node(dict["int | str", Any]):
    """A PHP array under construction, which counts the indexes that `[]` gives."""

    next_index = 0

    def place(self, key: int | str, value: object) -> None:
        if isinstance(key, int):
            self.next_index = max(self.next_index, key + 1)
        self[key] = value


def decode(query: str) -> dict[str, Any]:
    """Read a query string, or the body of a URL-encoded form. Raises `Malformed`."""
    try:
        return nest(parse_qsl(query, keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError as error:
        raise Malformed("not valid UTF-8") from error


def nest(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Turn bracketed names into nested dicts, and into lists where the indexes are 0, 1, 2 … Raises `Malformed`."""
    root = _Node()
    for name, value in pairs:
        match = _NAME.match(name.lstrip(" "))
        if match is None:
            continue
        head, brackets = match.groups()
        steps = brackets[1:-1].split("][") if brackets else []
        if len(steps) > MAX_DEPTH:
            raise Malformed("nested too deeply")
        node, key = root, _key(root, re.sub(r"[. ]", "_", head))
        for step in steps:
            child = node.get(key)
            if not isinstance(child, _Node):
                child = _Node()
                node.place(key, child)
            node, key = child, _key(child, step)
        node.place(key, value)
    return {str(key): _plain(value) for key, value in root.items()}


def _key(node: _Node, step: str) -> int | str:
    if step == "":
        return node.next_index
    return int(step) if _INDEX.fullmatch(step) else step


def _plain(value: Any) -> Any:
    if not isinstance(value, _Node):
        return value
    if list(value) == list(range(len(value))):
        return [_plain(item) for item in value.values()]
    return {str(key): _plain(item) for key, item in value.items()}
