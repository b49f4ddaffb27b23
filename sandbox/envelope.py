"""The JSON around a result or an error (facts.md §1.2, §2.1), as PHP would write it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from .profile import Profile
from .registry import Page, Refusal


@dataclass(frozen=True, slots=True)
class Timing:
    """When a call ran, by the portal's clock, and what its method has used of the operating limit, in seconds."""

    start: datetime
    finish: datetime
    operating: float | None = None
    """None on portals that do not count: `time` then has no `operating`."""
    operating_reset_at: int = 0

    def block(self) -> dict[str, Any]:
        """Give the `time` object of an answer."""
        start, finish = self.start.timestamp(), self.finish.timestamp()
        duration = round(finish - start, 6)
        block: dict[str, Any] = {
            "start": start,
            "finish": finish,
            "duration": duration,
            "processing": duration,
            "date_start": self.start.isoformat(timespec="seconds"),
            "date_finish": self.finish.isoformat(timespec="seconds"),
        }
        if self.operating is not None:
            block["operating_reset_at"] = self.operating_reset_at
            block["operating"] = self.operating
        return block


def success(result: object, timing: Timing) -> dict[str, Any]:
    """Wrap what a method gave; a `Page` puts `total` and `next` beside the result."""
    if not isinstance(result, Page):
        return {"result": result, "time": timing.block()}
    body: dict[str, Any] = {"result": result.result}
    if result.next is not None:
        body["next"] = result.next
    if result.total is not None:
        body["total"] = result.total
    body["time"] = timing.block()
    return body


def failure(refusal: Refusal, method: str, profile: Profile) -> dict[str, Any]:
    """Wrap an error. In the classic profile codes of digits are JSON numbers, but for `crm.orderentity.*`."""
    code: str | int = refusal.code
    if profile.integer_codes and refusal.code.isdigit() and not method.lower().startswith("crm.orderentity."):
        code = int(refusal.code)
    return {"error": code, "error_description": refusal.text}


def encode(body: dict[str, Any]) -> bytes:
    """Write JSON as PHP does: an empty map is `[]`, and slashes, ampersands, tags and apostrophes are escaped."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    if "{}" in text:
        text = json.dumps(_without_empty_maps(body), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character, escape in _ESCAPES:
        if character in text:
            text = text.replace(character, escape)
    return text.encode()


_ESCAPES = (("/", "\\/"), ("&", "\\u0026"), ("<", "\\u003C"), (">", "\\u003E"), ("'", "\\u0027"))


def _without_empty_maps(value: Any) -> Any:
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value)
        return {key: _without_empty_maps(item) for key, item in items.items()} if items else []
    if isinstance(value, list):
        return [_without_empty_maps(item) for item in cast("list[Any]", value)]
    return value
