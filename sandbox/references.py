"""`$result[pay][id]` in a batch command: the value that an earlier command gave (facts.md §3.4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any, cast

from .system_errors import system_error

_REFERENCE = re.compile(r"\$(result|next|total|time|error)(\[\S*)")
_STEP = re.compile(r"\[([^\]]*)\]")
_LONGEST = 1_000_000
"""Characters of one value after substitution: commands that double a text must come to an end."""

_NOWHERE = object()


def substitute(value: Any, roots: Mapping[str, dict[str, Any]]) -> Any:
    """Replace the references in all values, however deep; the names stay as they are.

    A value that is a reference as a whole takes the other value's type. Within a text only texts and numbers are
    inserted, and a reference reaches to the next white space. Where a step leads nowhere, the value before it is taken.
    """
    if isinstance(value, dict):
        return {name: substitute(item, roots) for name, item in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [substitute(item, roots) for item in cast("list[Any]", value)]
    if not isinstance(value, str) or "$" not in value:
        return value
    if whole := _REFERENCE.fullmatch(value):
        return deepcopy(_follow(whole, roots))
    text = _REFERENCE.sub(lambda match: _inserted(match, roots), value)
    if len(text) > _LONGEST:
        raise system_error("INVALID_REQUEST", "Request cannot be read: a value grew too long")
    return text


def _inserted(match: re.Match[str], roots: Mapping[str, dict[str, Any]]) -> str:
    found = _follow(match, roots)
    return str(found) if isinstance(found, str | int | float) and not isinstance(found, bool) else match[0]


def _follow(match: re.Match[str], roots: Mapping[str, dict[str, Any]]) -> Any:
    found: Any = roots[match[1]]
    for step in _STEP.findall(match[2]):
        deeper = _step(found, step)
        if deeper is _NOWHERE:
            break
        found = deeper
    return found


def _step(found: Any, step: str) -> Any:
    if isinstance(found, dict):
        return cast("dict[str, Any]", found).get(step, _NOWHERE)
    if isinstance(found, list) and step.isdecimal():
        items = cast("list[Any]", found)
        return items[int(step)] if int(step) < len(items) else _NOWHERE
    return _NOWHERE
