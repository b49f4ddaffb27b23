"""Whether a change of the tool list breaks somebody who uses it.

A call that was accepted must still be accepted, and an answer must still be one that was promised. Both are the same
question about two JSON schemas: which values of the first does the second refuse?
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

Schema = Mapping[str, Any]

_LEAST = ("minimum", "minLength", "minItems")
_MOST = ("maximum", "maxLength", "maxItems")


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one tool."""

    tool: str
    reasons: tuple[str, ...]
    breaking: bool

    def __str__(self) -> str:
        """The change in one line."""
        return f"{'BREAKING' if self.breaking else 'compatible'}: {self.tool}: {'; '.join(self.reasons)}"


def changes(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[Change]:
    """Every tool that is not as it was, in the order of the new list."""
    old, new = ({tool["name"]: tool for tool in tools} for tools in (before, after))
    found = [Change(name, ("removed",), breaking=True) for name in old if name not in new]
    for name, tool in new.items():
        if name not in old:
            found.append(Change(name, ("added",), breaking=False))
        elif tool != old[name]:
            found.append(_change(old[name], tool))
    return found


def _change(before: dict[str, Any], after: dict[str, Any]) -> Change:
    breaking = tuple(_breaks(before, after))
    parts = tuple(key for key in {**before, **after} if before.get(key) != after.get(key))
    return Change(after["name"], breaking or (f"{', '.join(parts)} changed",), breaking=bool(breaking))


def _breaks(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    yield from refused(before["inputSchema"], after["inputSchema"], "argument")
    promised, given = before.get("outputSchema", {}), after.get("outputSchema", {})
    yield from refused(given, promised, "answer")
    yield from (f"answer.{name} removed" for name in promised.get("properties", {}) if name not in _properties(given))


def refused(given: Schema, taken: Schema, where: str) -> Iterator[str]:
    """Why some value that is valid under the schema `given` is not under `taken`. Nothing when all are."""
    for choice in given.get("anyOf", [given]):
        reasons = [list(_refused(choice, arm, where)) for arm in taken.get("anyOf", [taken])]
        yield from min(reasons, key=len)


def _refused(given: Schema, taken: Schema, where: str) -> Iterator[str]:
    type_given, type_taken = given.get("type"), taken.get("type")
    if type_taken not in (None, type_given) and (type_given, type_taken) != ("integer", "number"):
        yield f"{where} may be {type_given or 'anything'}, {type_taken} is wanted"
    if "enum" in taken and (
        more := [each for each in given.get("enum", ["other values"]) if each not in taken["enum"]]
    ):
        yield f"{where} may be {', '.join(map(str, more))}"
    narrower = [name for name in _LEAST if taken.get(name, -inf) > given.get(name, -inf)]
    narrower += [name for name in _MOST if taken.get(name, inf) < given.get(name, inf)]
    yield from (f"{where} may be beyond {name} {taken[name]}" for name in narrower)
    missing = set(taken.get("required", ())) - set(given.get("required", ()))
    yield from (f"{where}.{name} may be missing, it is required" for name in sorted(missing))
    known = _properties(taken)
    for name, schema in _properties(given).items():
        if name in known:
            yield from refused(schema, known[name], f"{where}.{name}")
        elif taken.get("additionalProperties") is False:
            yield f"{where}.{name} does not exist"
    if "items" in taken:
        yield from refused(given.get("items", {}), taken["items"], f"{where}[]")


def _properties(schema: Schema) -> Mapping[str, Schema]:
    return schema.get("properties", {})
