"""The portal's two limits: how often it may be called, and how long a method may work (facts.md §3.1, §3.2)."""

from __future__ import annotations

from dataclasses import dataclass

_WINDOW_MINUTES = 10
_NOT_COUNTED_BELOW = 0.1
_MANY_SOURCES = 1000


@dataclass(frozen=True, slots=True)
class Rate:
    """A leaky bucket: `burst` requests at once, then `drain` a second."""

    drain: float
    burst: int

    def __post_init__(self) -> None:
        if not (self.drain >= 0 and self.burst >= 1):
            raise ValueError("drain cannot be below 0, nor burst below 1")


STANDARD = Rate(2, 50)
ENTERPRISE = Rate(5, 250)
RATES = {"standard": STANDARD, "enterprise": ENTERPRISE}


@dataclass(slots=True)
class _Bucket:
    level: float
    at: float


class Limits:
    """Both limits of a portal. `rate` None and `operating` None, the defaults, switch them off.

    `operating` is what one method may use in ten minutes for one webhook or application, in seconds: on the documented
    portal 480. What it used is counted in either case. Both may be changed at any time. `now` is the portal's clock.
    """

    def __init__(self, rate: Rate | None = None, operating: float | None = None) -> None:
        self.rate = rate
        self.operating = operating
        self._buckets: dict[str, _Bucket] = {}
        self._used: dict[tuple[str, str], dict[int, float]] = {}

    def admit(self, source: str, now: float) -> bool:
        """Count a request from an address, unless its bucket is full."""
        if self.rate is None:
            return True
        if len(self._buckets) > _MANY_SOURCES:
            self._buckets = {key: each for key, each in self._buckets.items() if self._level(each, self.rate, now) > 0}
        bucket = self._buckets.setdefault(source, _Bucket(0.0, now))
        level = self._level(bucket, self.rate, now)
        bucket.at = now
        bucket.level = level + 1 if level + 1 <= self.rate.burst else level
        return level + 1 <= self.rate.burst

    def level(self, source: str, now: float) -> float:
        """Say how full the bucket of an address is, in requests."""
        bucket = self._buckets.get(source)
        return self._level(bucket, self.rate, now) if bucket and self.rate else 0.0

    @staticmethod
    def _level(bucket: _Bucket, rate: Rate, now: float) -> float:
        return max(0.0, bucket.level - (now - bucket.at) * rate.drain)

    def spend(self, owner: str, method: str, seconds: float, now: float) -> None:
        """Count the time that a method worked for a webhook or an application."""
        if seconds >= _NOT_COUNTED_BELOW:
            minutes = self._used.setdefault((owner, method), {})
            minute = int(now // 60)
            minutes[minute] = minutes.get(minute, 0.0) + seconds

    def spent(self, owner: str, method: str, now: float) -> tuple[float, int]:
        """Give the seconds used in the window, and when its oldest minute leaves it."""
        minute = int(now // 60)
        minutes = self._used.get((owner, method), {})
        for old in [each for each in minutes if each <= minute - _WINDOW_MINUTES]:
            del minutes[old]
        return round(sum(minutes.values()), 6), (min(minutes, default=minute) + _WINDOW_MINUTES) * 60

    def exhausted(self, owner: str, method: str, now: float) -> bool:
        """Say whether a method has used up its operating time."""
        return self.operating is not None and self.spent(owner, method, now)[0] > self.operating

    def clear(self) -> None:
        """Forget what was counted."""
        self._buckets.clear()
        self._used.clear()
