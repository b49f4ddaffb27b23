"""A declared prompt as the SDK's, with arguments that are refused in words."""

from __future__ import annotations

from typing import Any

from mcp.server.mcpserver.context import Context
from mcp.server.mcpserver.prompts.base import Message, Prompt
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS, InputRequiredResult
from pydantic import ValidationError

from ..prompts import Plan


class PlanPrompt(Prompt):
    """The SDK's prompt, whose every failure is an "invalid params" error that says what is wrong, in both eras."""

    @classmethod
    def of(cls, plan: Plan) -> PlanPrompt:
        """The prompt for a plan."""
        prompt = cls.from_function(plan.function, name=plan.name, title=plan.title, description=plan.description)
        return cls.model_construct(**{name: getattr(prompt, name) for name in cls.model_fields})

    async def render(
        self, arguments: dict[str, Any] | None, context: Context[Any, Any]
    ) -> list[Message] | InputRequiredResult:
        """Render the plan.

        Raises:
            MCPError: An argument is missing, unknown or unfit.

        """
        known = {each.name: each.required for each in self.arguments or []}
        given = arguments or {}
        problems = [f"{name[:40]}: no such argument" for name in given if name not in known]
        problems += [f"{name}: required" for name, required in known.items() if required and name not in given]
        if not problems:
            try:
                return await super().render(given, context)
            except ValueError as error:
                cause = error.__cause__
                if not isinstance(cause, ValidationError):
                    raise
                problems = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in cause.errors()]
        raise MCPError(INVALID_PARAMS, f"prompt {self.name}: {'; '.join(problems)}")
