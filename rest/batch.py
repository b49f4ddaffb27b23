"""`batch`: up to 50 calls written as commands of one request, and its answer taken apart again (facts.md §3.4)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, cast
from urllib.parse import quote

from .connection import Answer
from .error_codes import refused
from .errors import PortalError, UnreadableReply
from .numbers import json_number

LENGTH = 50
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_KEY = re.compile(r"[!=<>@%]*[A-Za-z_][A-Za-z0-9_.]*")
_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]*[1-9])?")
_VALUES = 500
"""PHP reads a thousand variables of a query and drops the rest without a word."""
_LEVELS = 60
"""PHP reads 64 levels of a name."""
_STATUS = {"INTERNAL_SERVER_ERROR": 500, "ERROR_UNEXPECTED_ANSWER": 500}
"""Commands fail without an HTTP status; these codes come with one in an answer of their own."""


class _Unfaithful(Exception):
    """The value would not arrive as it is."""


def command(method: str, parameters: Mapping[str, Any]) -> str | None:
    """The call as a command, or None where it would not mean the same there as in a request of its own.

    A command carries nothing but text. Lost on the way would be null, true and false, empty lists and maps, numbers
    that are written as `5.0` or with an exponent, and names that PHP reads as something else. And any text with a
    dollar sign could be taken for a reference to another command's result.
    """
    try:
        pairs = [pair for name, value in parameters.items() for pair in _pairs(_checked(_NAME, name), value)]
    except _Unfaithful:
        return None
    if len(pairs) > _VALUES:
        return None
    return f"{method}?{'&'.join(pairs)}" if pairs else method


def _pairs(name: str, value: object) -> Iterator[str]:
    if name.count("[") > _LEVELS:
        raise _Unfaithful
    if isinstance(value, dict) and value:
        for key, item in cast("dict[str, object]", value).items():
            yield from _pairs(f"{name}[{_checked(_KEY, key)}]", item)
    elif isinstance(value, list) and value:
        for index, item in enumerate(cast("list[object]", value)):
            yield from _pairs(f"{name}[{index}]", item)
    else:
        text = _text(cast("object", value))
        yield f"{quote(name, safe='')}={quote(text, safe='')}"


def _text(value: object) -> str:
    if isinstance(value, str):
        if "$" in value or "\0" in value:
            raise _Unfaithful
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise _Unfaithful
    return _checked(_NUMBER, json.dumps(json_number(value) if isinstance(value, Decimal) else value))


def _checked(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise _Unfaithful
    return text


def request(commands: Sequence[str]) -> dict[str, Any]:
    """The parameters of a `batch` that runs the commands; one that fails does not stop the others."""
    return {"halt": 0, "cmd": {_key(index): each for index, each in enumerate(commands)}}


def outcomes(answer: Answer, count: int, hide: Callable[[str], str]) -> list[Answer | PortalError]:
    """What became of each command, in their order; `hide` takes secrets out of texts.

    Raises:
        UnreadableReply: The result is not that of a batch.

    """
    maps = _map(answer.result)
    if not maps:
        raise UnreadableReply("UNEXPECTED_RESULT", "the result of batch is not as documented", writes=False)
    return [_outcome(maps, _key(index), hide) for index in range(count)]


def _outcome(maps: Mapping[str, object], key: str, hide: Callable[[str], str]) -> Answer | PortalError:
    failed = _map(_map(maps.get("result_error")).get(key))
    if "error" in failed:
        code = failed["error"]
        description = hide(str(failed.get("error_description") or ""))
        return refused(code, description, status=_STATUS.get(str(code), 400), writes=False)
    results = _map(maps.get("result"))
    if key not in results:
        return UnreadableReply("UNEXPECTED_RESULT", "the answer of batch lacks one of its commands", writes=False)
    return Answer(
        results[key],
        total=_count(_map(maps.get("result_total")).get(key)),
        next=_count(_map(maps.get("result_next")).get(key)),
        time=_map(_map(maps.get("result_time")).get(key)) or None,
    )


def times(parameters: Mapping[str, Any], answer: Answer) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The method of each command that ran, with the `time` of its answer."""
    commands = _map(parameters.get("cmd"))
    for key, time in _map(_map(answer.result).get("result_time")).items():
        yield str(commands.get(key, "")).partition("?")[0], _map(time)


def _key(index: int) -> str:
    """A name that PHP cannot take for an index of a list."""
    return f"call{index}"


def _map(value: object) -> dict[str, Any]:
    """The map; PHP writes an empty one as a list."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _count(value: object) -> int | None:
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() else None
