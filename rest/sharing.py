"""The layer through which reads share requests: those that wait together travel together, equal ones are one.

    a read comes ──► an equal one under way? ── yes ──► has its answer too
                          │ no
                     others under way, or no place free? ── no ──► goes at once, by itself
                          │ yes
                     waits; the first in the queue gets a place, takes its share of the queue with it, in a `batch`

There is no task behind this: who waits longest leads the queue, and carries the others' reads in its own request. If
its caller is cancelled, they go back to the head of the queue, and the next one leads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil
from typing import Any

import anyio
from anyio.lowlevel import checkpoint

from .batch import LENGTH, command, outcomes, request
from .connection import Answer, Sender
from .errors import LimitReached, PortalError, ReplyLost
from .methods import writes
from .pacing import OPERATING_TIME, REQUESTS, Pacing

_SIDE_BY_SIDE = 25
"""Requests that share; fewer than there are connections, so that a write always finds one."""

_GATHERING = 0.1
"""Seconds that a read waits for company at most, while there is a place for it."""

_LENGTH_AFTER_LOSS = 10
"""The reply may have been lost because the request was too much for the portal's 60 seconds (facts.md §3.2)."""


@dataclass(eq=False)
class _Read:
    """One read, wanted by one or more callers: waiting, under way, or with its outcome."""

    key: tuple[str, str]
    method: str
    parameters: Mapping[str, Any]
    outcome: Answer | PortalError | None = None
    callers: int = 0
    joined: bool = False
    """It has, or had, more than one caller."""
    lost: bool = False
    """Its first reply was lost."""
    changed: anyio.Event = field(default_factory=anyio.Event)
    """It has its outcome, or waits again, or is to lead the queue."""

    @cached_property
    def command(self) -> str | None:
        """How it travels in a batch, if it can."""
        return command(self.method, self.parameters)


class Sharing:
    """Sends writes by way of `inner`, and reads by way of `pacing`: in as few requests as its bucket's state asks for.

    The portal runs the commands of a batch one after the other. While the bucket has room, reads are therefore spread
    over many requests; the emptier it is, the more travel in one. From the first read to the moment when none is under
    way, reads are one burst, which leaves half of the room to others. A read whose reply was lost is sent once more.
    """

    def __init__(self, inner: Sender, pacing: Pacing, *, hide: Callable[[str], str] = str) -> None:
        self._inner = inner
        self._pacing = pacing
        self._hide = hide
        self._asked: dict[tuple[str, str], _Read] = {}
        """What an equal read may join."""
        self._waiting: list[_Read] = []
        self._under_way: list[Sequence[_Read]] = []
        """The shares that have a place and no reply yet."""
        self._reserve = 0.0
        """The room that the present burst leaves to others."""
        self._allowance = 0.0
        """The room that it found for itself."""
        self._led = False
        """Somebody is taking a share out of the queue."""
        self._news = anyio.Event()
        """A read has come, or a share is back."""

    async def send(self, method: str, parameters: Mapping[str, Any]) -> Answer:
        """Carry out one REST method.

        Raises:
            PortalError: No result. Another call's failure is never a read's own.

        """
        if writes(method):
            try:
                return await self._inner.send(method, parameters)
            finally:
                # Who asks from now on must not be answered from before the write.
                self._asked.clear()
        read = self._asked_for(method, parameters)
        deadline = self._pacing.deadline
        try:
            while read.outcome is None:
                await self._advance(read, deadline)
        finally:
            read.callers -= 1
            if not read.callers:
                self._forget(read)
        if isinstance(read.outcome, PortalError):
            raise read.outcome
        return deepcopy(read.outcome) if read.joined else read.outcome

    def _asked_for(self, method: str, parameters: Mapping[str, Any]) -> _Read:
        """The read that is to be made, or an equal one that is being made."""
        key = (method, repr(parameters))
        read = self._asked.get(key)
        if read is None:
            read = self._asked[key] = _Read(key, method, parameters)
            self._queue(read)
        else:
            read.joined = True
        read.callers += 1
        return read

    async def _advance(self, read: _Read, deadline: float) -> None:
        """Bring a read nearer to its outcome: wait for who carries it, or carry it, and others with it."""
        if read not in self._waiting:
            await read.changed.wait()
        elif self._pacing.operating.slows(read.method):
            self._waiting.remove(read)
            self._hand_over()
            await self._carry([read])
        elif self._led:
            changed = read.changed
            await self._announce(read, deadline)
            with anyio.move_on_after(max(self._pacing.left(deadline), _GATHERING)):
                await changed.wait()
        else:
            self._led = True
            try:
                await self._get_place(read, deadline)
                share = self._share(read)
                self._under_way.append(share)
            finally:
                self._led = False
                self._hand_over()
            try:
                await self._carry(share, placed=True)
            finally:
                self._under_way.remove(share)
                self._tell()

    async def _announce(self, read: _Read, deadline: float) -> None:
        """Tell one of a waiting read's callers how long it has to wait behind the others."""
        index = self._waiting.index(read)
        if read.command is None:
            before = sum(each.command is None for each in self._waiting[:index])
        else:
            before = index // LENGTH
        self._yield_reserve()
        await self._pacing.announce_place(self._reserve + before, deadline)

    async def _get_place(self, read: _Read, deadline: float) -> None:
        """Wait for a lane, for company, and for a place that leaves the reserve alone."""
        if self._under_way:
            await checkpoint()  # Who asks in the same moment travels along.
        while len(self._under_way) >= _SIDE_BY_SIDE:
            await self._news.wait()
        if self._under_way and self._may_share(read):
            with anyio.move_on_after(_GATHERING):
                while self._room >= 1 and len(self._waiting) < self._company:
                    await self._news.wait()
        self._yield_reserve()
        await self._pacing.place(deadline, leaving=self._reserve)

    def _may_share(self, read: _Read) -> bool:
        """Whether it means the same in a batch, and will not hold it up by waiting for its method's operating time."""
        return read.command is not None and not self._pacing.operating.slows(read.method)

    @property
    def _room(self) -> float:
        """What is left to the burst."""
        return self._pacing.bucket.room - self._reserve

    @property
    def _company(self) -> int:
        """How many reads are worth a request: one, and one more for each quarter of the allowance that is spent."""
        return 1 + int(4 * max(0.0, 1 - self._room / max(self._allowance, 1)))

    def _share(self, read: _Read) -> list[_Read]:
        """Take a read and its companions out of the queue, so many that the others get by with what requests remain."""
        equals = [each for each in self._waiting if self._may_share(each) and each.lost is read.lost]
        if read not in equals:
            equals = [read]
        carried = sum(map(len, self._under_way))
        room = 1 + self._room  # One place is taken already.
        fair = ceil(round(max(len(equals) / max(room, 1), (len(equals) + carried) / _SIDE_BY_SIDE), 6))
        size = min(_LENGTH_AFTER_LOSS if read.lost else LENGTH, max(fair, self._company))
        share = [read, *[each for each in equals if each is not read][: size - 1]]
        self._waiting = [each for each in self._waiting if each not in share]
        return share

    async def _carry(self, reads: Sequence[_Read], *, placed: bool = False) -> None:
        """Send reads in one request. Those that have no outcome then are back in the queue."""
        try:
            fetched = await self._fetch(reads, placed=placed)
            for read, outcome in zip(reads, fetched, strict=True):
                if isinstance(outcome, LimitReached) and outcome.code == OPERATING_TIME:
                    self._pacing.operating.exhausted(read.method)  # From now on it travels, and waits, alone.
                else:
                    self._settle(read, outcome)
        except LimitReached as error:
            if error.code == REQUESTS:
                raise  # It is this caller's patience that is at an end, nobody else's.
            for read in reads:
                self._settle(read, error)
        except PortalError as error:
            for read in reads:
                self._settle(read, error)
        finally:
            self._put_back([read for read in reads if read.outcome is None and read.callers])

    async def _fetch(self, reads: Sequence[_Read], *, placed: bool) -> Sequence[Answer | PortalError]:
        if len(reads) == 1:
            return [await self._pacing.send(reads[0].method, reads[0].parameters, placed=placed)]
        commands = [read.command for read in reads if read.command is not None]
        answer = await self._pacing.send("batch", request(commands), placed=placed)
        return outcomes(answer, len(commands), self._hide)

    def _settle(self, read: _Read, outcome: Answer | PortalError) -> None:
        """Give a read its outcome, unless it is to be sent again."""
        if isinstance(outcome, ReplyLost):
            if not read.lost:
                read.lost = True
                return
            outcome = type(outcome)(outcome.code, outcome.description, status=outcome.status, writes=False)
        read.outcome = outcome
        read.changed.set()
        self._forget(read)

    def _queue(self, read: _Read) -> None:
        if not self._waiting and not self._under_way:
            room = self._pacing.bucket.room
            self._reserve = min(ceil(room / 2), room - 1) if room >= 2 else 0.0
            self._allowance = room - self._reserve
        self._waiting.append(read)
        self._tell()

    def _yield_reserve(self) -> None:
        """What others have taken of the reserve need not form anew before the next read."""
        self._reserve = min(self._reserve, max(0.0, self._pacing.bucket.room))

    def _put_back(self, reads: Sequence[_Read]) -> None:
        """Put reads back at the head of the queue, where any of their callers can carry them."""
        self._waiting[:0] = reads
        for read in reads:
            self._wake(read)

    def _forget(self, read: _Read) -> None:
        """Let nobody join a read any more, and nobody carry it."""
        if self._asked.get(read.key) is read:
            del self._asked[read.key]
        if read in self._waiting:
            self._waiting.remove(read)
            self._hand_over()

    def _hand_over(self) -> None:
        """Let who waits longest lead the queue, if nobody does."""
        if self._waiting and not self._led:
            self._wake(self._waiting[0])

    def _wake(self, read: _Read) -> None:
        read.changed.set()
        read.changed = anyio.Event()

    def _tell(self) -> None:
        self._news.set()
        self._news = anyio.Event()
