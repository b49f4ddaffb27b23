"""Finding out what became of a write whose reply was lost: looking at the portal until it tells, and saying so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from .attempt import Attempt
from .clock import Clock
from .errors import LimitReached, NotCarriedOut, OutcomeUnknown, PortalError, Refusal
from .evidence import Applied, Evidence, Records, Unclear, Untouched, Verdict, View

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 5.0


async def found_out(
    view: View, clock: Clock, evidence: Evidence | None, attempt: Attempt, give_up_at: float
) -> Applied | Untouched:
    """Look at the portal until it tells, at least once. Untouched is said of a write that is over, never before.

    Raises:
        OutcomeUnknown: It does not tell, or not in time.

    """
    decide = evidence.decide if evidence else ""
    if evidence is None or attempt.before is None:
        raise _unknown(attempt, clock, "what was there before it is not known, so reading back tells nothing", decide)
    pause = _FIRST_PAUSE
    while True:
        looked_at = clock.now()
        seen = "nothing has changed so far"
        try:
            verdict = await _look(view, evidence, attempt, attempt.before)
        except PortalError as failure:
            seen = f"the portal could not be read back ({failure})"
            if isinstance(failure, Refusal) and not isinstance(failure, LimitReached):
                give_up_at = looked_at
        else:
            if isinstance(verdict, Unclear):
                raise _unknown(attempt, None, verdict.seen, decide)
            if isinstance(verdict, Applied) or looked_at >= attempt.over_at:
                attempt.departure.at = None
                return verdict
        remaining = give_up_at - clock.now()
        if remaining <= 0:
            raise _unknown(attempt, clock, seen, decide)
        await clock.sleep(min(pause, remaining))
        pause = min(2 * pause, _LONGEST_PAUSE)


async def _look(view: View, evidence: Evidence, attempt: Attempt, before: Records) -> Verdict:
    after = await evidence.observe(view, attempt.parameters)
    if after is None:
        return Unclear("it is not known any more where to look")
    verdict = evidence.judge(attempt.parameters, before, after)
    if isinstance(verdict, Untouched) and evidence.intact and not await evidence.intact(view, attempt.parameters):
        return Unclear("what it was to refer to is not there any more, and may have taken it along")
    return verdict


def not_carried_out(attempt: Attempt, verdict: Untouched) -> NotCarriedOut:
    """The error for a write that left no trace and can leave none any more."""
    return NotCarriedOut(
        attempt.loss.code if attempt.loss else "CANCELLED",
        f"{_told(attempt)}; reading back shows that it was not carried out",
        recovery=None if verdict.repeatable else "The record was changed meanwhile: read it and decide anew.",
    )


def _unknown(attempt: Attempt, clock: Clock | None, seen: str, decide: str) -> OutcomeUnknown:
    """The error that names what was seen. With a clock, also how long the portal may still take to carry it out."""
    seconds = attempt.over_at - clock.now() if clock else 0.0
    possible = f"; the portal may carry it out for another {seconds:.0f} s" if seconds >= 1 else ""
    return OutcomeUnknown(
        "OUTCOME_UNKNOWN",
        f"{_told(attempt)}; {seen}{possible}",
        recovery=decide or "Read the record and compare it with what was asked for; do not repeat the call blindly.",
    )


def _told(attempt: Attempt) -> str:
    lost = f"the reply was lost ({attempt.loss})" if attempt.loss else "the call was cancelled after it left"
    return f"{attempt.method} ({ids(attempt.parameters)}): {lost}"


def ids(parameters: Mapping[str, Any]) -> str:
    """The ids among the parameters: all of them that a log may hold."""
    fields: object = parameters.get("fields")
    flat = {**(cast("Mapping[str, object]", fields) if isinstance(fields, Mapping) else {}), **parameters}
    named = {name: value for name, value in flat.items() if name.lower().endswith("id") and isinstance(value, int)}
    return ", ".join(f"{name} {value}" for name, value in sorted(named.items())) or "no ids"
