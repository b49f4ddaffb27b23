"""What a prompt is: a short working plan that a host offers to its user, with typed arguments."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

DealId = Annotated[int, Field(ge=1, description="Id of the deal")]
PaymentId = Annotated[int, Field(ge=1, description="Id of the payment")]
Parts = Annotated[
    str, Field(min_length=1, max_length=300, description="How to split: 50/50, or amounts, or by product")
]
Wish = Annotated[str, Field(min_length=1, max_length=1000, description="What shall change, in words")]
Reason = Annotated[str, Field(max_length=300, description="Why, to be repeated to the person")]

_TOOL = re.compile(r"\b(?:productrow|payment|orderentity|delivery|item)_[a-z_]+\b")


@dataclass(frozen=True, slots=True)
class Plan:
    """One prompt."""

    name: str
    title: str
    function: Callable[..., str]

    @property
    def description(self) -> str:
        """What it is for."""
        return inspect.cleandoc(self.function.__doc__ or "")

    @property
    def tools(self) -> frozenset[str]:
        """The tools that the plan names: where one is not offered, the prompt is not either."""
        sample: dict[str, Any] = dict.fromkeys(inspect.signature(self.function).parameters, 1)
        return frozenset(_TOOL.findall(self.function(**sample)))


PROMPTS: list[Plan] = []
"""Every prompt, in the order of declaration."""


def prompt(title: str) -> Callable[[Callable[..., str]], Callable[..., str]]:
    """Declare a function as a prompt: its docstring is the description, what it returns is the user's message."""

    def declare(function: Callable[..., str]) -> Callable[..., str]:
        PROMPTS.append(Plan(function.__name__, title, function))
        return function

    return declare
