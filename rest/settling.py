"""The layer through which a write is carried out once: where its reply is lost, its outcome is found out.

    read what the evidence needs ──► send ──► answer, or refusal ──► done
                                      │
                                  reply lost ──► read back ──► applied ──► the answer that the method would have given
                                                   │  │  │
                      still possibly under way ◄───┘  │  └──► unclear ──► OutcomeUnknown
                      (look again, with pauses)       └──► untouched, and over ──► send again, once ──► NotCarriedOut

A write is over when an answer came, however broken, or 60 seconds after it left: the portal takes no longer for one
request (facts.md §3.2). A gateway's 502 or 504 says nothing about the portal behind it. Before a write is over, an
untouched portal proves nothing. What each method's evidence is, `write_methods` declares; what it proves, `evidence`.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Generator, Hashable, Mapping
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import anyio

from .attempt import Attempt, keep, recall
from .clock import Clock, SystemClock
from .connection import Answer, Sender
from .departure import departing
from .errors import LimitReached, OutcomeUnknown, Refusal, ReplyLost, Unreachable
from .evidence import Applied, Evidence, Records, Untouched, View
from .finding_out import found_out, ids, not_carried_out
from .methods import writes
from .reporting import report
from .write_methods import EVIDENCE

logger = logging.getLogger(__name__)

LONGEST_REQUEST = 60.0
"""Seconds after which the portal is done with a request."""
_AFTER_CANCELLING = 5.0
"""Seconds that the outcome of a cancelled write is looked for."""
_PAUSE = 0.5
"""Seconds between a connection that did not open and the second try."""
_GATEWAY = frozenset({408, 502, 504})

_deadline: ContextVar[float] = ContextVar("deadline", default=45.0)


@contextmanager
def deadline(seconds: float) -> Generator[None]:
    """Writes inside the block have their outcome found out at most so long after they left. Outside of any, 45 s."""
    token = _deadline.set(seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


@dataclass(frozen=True, slots=True)
class ReadBack(Answer):
    """The answer to a write whose reply was lost: it was found out by reading back."""


@dataclass(slots=True)
class _Queue:
    """Our own writes to one subject: one after the other."""

    lock: anyio.Lock = field(default_factory=anyio.Lock)
    users: int = 0
    clear_at: float = 0.0
    """The moment from which on no lost write of ours can still be changing it."""


class Settling:
    """Carries writes out and finds out what became of those whose reply was lost. Reads pass.

    Our own writes to the same subject wait for each other, for one that was lost as long as it may be under way.
    A write that is cancelled after it left has its outcome looked for a few seconds longer; it goes into the log, and
    into the memory of the operation (`attempt.remembering`).
    """

    def __init__(self, inner: Sender, clock: Clock | None = None) -> None:
        self._inner = inner
        self._clock = clock or SystemClock()
        self.payment_of_item: Mapping[int, int] = {}
        """Payment item id → payment id, as far as seen: without it an item's outcome cannot be read back."""
        self._queues: dict[Hashable, _Queue] = {}

    async def send(self, method: str, parameters: Mapping[str, Any]) -> Answer:
        """Carry out one REST method; the answer is a `ReadBack` where it was found out.

        Raises:
            NotCarriedOut: A write's reply was lost; nothing was changed.
            OutcomeUnknown: A write's reply was lost; what was read back does not tell.
            PortalError: As the inner sender does.

        """
        if not writes(method):
            return await self._inner.send(method, parameters)
        evidence, subject = self._declared(method, parameters)
        async with self._turn(subject) as queue:
            known = recall(method, parameters)
            if known is not None and known.answer is not None:
                return known.answer
            attempt = known or Attempt(method, parameters)
            try:
                if known is None:
                    await self._wait_until_clear(queue)
                    attempt.before = await self._observed(evidence, parameters)
                attempt.answer = await self._carry_out(evidence, attempt)
                return attempt.answer
            except anyio.get_cancelled_exc_class():
                if attempt.in_doubt:
                    await self._abandon(evidence, attempt)
                raise
            finally:
                queue.clear_at = max(queue.clear_at, attempt.over_at if attempt.in_doubt else 0.0)
                keep(attempt)

    def _view(self) -> View:
        return View(self._inner, self.payment_of_item)

    def _declared(self, method: str, parameters: Mapping[str, Any]) -> tuple[Evidence | None, Hashable]:
        evidence = EVIDENCE.get(method)
        try:
            return evidence, evidence.subject(parameters, self.payment_of_item) if evidence else object()
        except (KeyError, TypeError, ValueError):  # Not the documented arguments: the portal will refuse them.
            return None, object()

    @asynccontextmanager
    async def _turn(self, subject: Hashable) -> AsyncGenerator[_Queue]:
        now = self._clock.now()
        for each in [key for key, queue in self._queues.items() if not queue.users and queue.clear_at <= now]:
            del self._queues[each]
        queue = self._queues.setdefault(subject, _Queue())
        queue.users += 1
        try:
            async with queue.lock:
                yield queue
        finally:
            queue.users -= 1

    async def _wait_until_clear(self, queue: _Queue) -> None:
        seconds = queue.clear_at - self._clock.now()
        if seconds > 0:
            await report(0, None, f"Waiting {seconds:.0f} s: an earlier change of the same record may be under way")
            await self._clock.sleep_until(queue.clear_at)

    async def _observed(self, evidence: Evidence | None, parameters: Mapping[str, Any]) -> Records | None:
        try:
            return await evidence.observe(self._view(), parameters) if evidence else None
        except LimitReached:
            raise
        except Refusal:  # Who may not look may still write, or the portal's refusal of the write says more.
            return None

    async def _carry_out(self, evidence: Evidence | None, attempt: Attempt) -> Answer:
        """Send, twice at most, and find out what has to be found out. One that is in doubt already is not sent."""
        give_up_at = self._clock.now() + _deadline.get()
        while True:
            if not attempt.in_doubt:
                try:
                    return await self._sent(attempt)
                except Unreachable:
                    if attempt.sends > 1:
                        raise
                    await self._clock.sleep(_PAUSE)
                    continue
                except ReplyLost as loss:
                    attempt.loss = loss
                    if attempt.sends == 1 and attempt.departure.at is not None:
                        give_up_at = attempt.departure.at + _deadline.get()
            verdict = await self._found_out(evidence, attempt, give_up_at)
            if isinstance(verdict, Applied):
                return ReadBack(verdict.result)
            if attempt.sends > 1 or not verdict.repeatable or self._clock.now() >= give_up_at:
                raise not_carried_out(attempt, verdict)

    async def _sent(self, attempt: Attempt) -> Answer:
        attempt.sends += 1
        with departing() as attempt.departure:
            try:
                answer = await self._inner.send(attempt.method, attempt.parameters)
            except ReplyLost as loss:
                attempt.departure.at = attempt.departure.at or self._clock.now()
                attempt.over_at = self._clock.now() if _over(loss) else attempt.departure.at + LONGEST_REQUEST
                raise
        attempt.departure.at = None
        return answer

    async def _found_out(self, evidence: Evidence | None, attempt: Attempt, give_up_at: float) -> Applied | Untouched:
        await report(0, None, f"The reply to {attempt.method} was lost: finding out whether it was carried out")
        return await found_out(self._view(), self._clock, evidence, attempt, give_up_at)

    async def _abandon(self, evidence: Evidence | None, attempt: Attempt) -> None:
        """Find out, within bounds, what became of a write that nobody waits for any more."""
        now = self._clock.now()
        if attempt.loss is None:
            attempt.over_at = (attempt.departure.at or now) + LONGEST_REQUEST
        found = f"{attempt.method} ({ids(attempt.parameters)}) was cancelled after it left; its outcome is unknown"
        with anyio.move_on_after(_AFTER_CANCELLING, shield=True):
            try:
                verdict = await found_out(self._view(), self._clock, evidence, attempt, now + _AFTER_CANCELLING / 2)
            except OutcomeUnknown as unknown:
                found = str(unknown)
            else:
                if isinstance(verdict, Applied):
                    attempt.answer = ReadBack(verdict.result)
                found = f"{found.partition(';')[0]}; it was {'' if attempt.answer else 'not '}carried out"
        logger.warning("%s", found)


def _over(loss: ReplyLost) -> bool:
    """Whether the portal itself is done with the request."""
    return loss.status is not None and loss.status not in _GATEWAY and loss.status < 520
