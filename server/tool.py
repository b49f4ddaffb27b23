"""A declared operation as a tool of the MCP SDK: what happens between a model's call and its answer.

In this order: the arguments are checked, a guarded call is previewed and agreed to, the operation is carried out, and
what came of it (or did not) is put into words.
"""

from __future__ import annotations

import base64
import logging
from typing import Any

from mcp.server.mcpserver.context import Context
from mcp.server.mcpserver.tools import Tool
from mcp.server.mcpserver.utilities.func_metadata import ArgModelBase, FuncMetadata
from mcp_types import CallToolResult, ImageContent, InputRequiredResult, TextContent, ToolAnnotations
from pydantic import PrivateAttr

from ..rest import Portal, PortalError
from ..rest.filters import InvalidFilter
from ..rest.reporting import reporting
from ..tools import ArgumentsRefused, Effect, Operation, Preview, Result, carry_out
from . import failures
from .guard import consent
from .progress import Progress

logger = logging.getLogger(__name__)
SANDBOX_NOTE = "[sandbox: no real data]\n"


class OperationTool(Tool):
    """The SDK's tool around one operation."""

    _operation: Operation[...] = PrivateAttr()
    _sandbox: bool = PrivateAttr(default=False)

    @classmethod
    def of(cls, operation: Operation[...], *, sandbox: bool) -> OperationTool:
        """The tool for an operation; `sandbox` marks every answer as one of the embedded portal."""
        declaration = operation.declaration
        tool = cls(
            fn=operation.function,
            name=operation.name,
            title=operation.name.replace("_", " ").capitalize(),
            description=operation.description,
            parameters=operation.input_schema,
            fn_metadata=FuncMetadata(arg_model=ArgModelBase, output_schema=operation.output_schema),
            is_async=True,
            annotations=annotations_of(operation),
            context_kwarg=None,
            meta={"bitrix24/method": declaration.method},
        )
        tool._operation, tool._sandbox = operation, sandbox
        return tool

    async def run(
        self, arguments: dict[str, Any], context: Context[Any, Any], convert_result: bool = False
    ) -> CallToolResult | InputRequiredResult:
        """Answer one call. Whatever happens, the model gets a text that says so."""
        operation, sent, progress = self._operation, False, Progress(context.report_progress)
        try:
            values = operation.parse(arguments)
            confirmed, request_id = values.pop("confirm", False), values.pop("requestId", "")
            portal: Portal = context.request_context.lifespan_context
            with reporting(progress):
                if operation.declaration.guarded and not confirmed:
                    verdict = await consent(operation, portal, values, context, note=self._note)
                    if isinstance(verdict, InputRequiredResult):
                        return verdict
                    if verdict is not True:
                        return self._not_done(verdict or None)
                sent = True
                result = await portal.request_ids.once(
                    request_id, operation.name, values, lambda: carry_out(operation, portal, values)
                )
                return self._done(result, progress)
        except (ArgumentsRefused, InvalidFilter) as error:
            return self._failed(failures.refused_arguments(operation, str(error)))
        except PortalError as error:
            return self._failed(progress.appended_to(failures.portal_failure(operation, error)))
        except Exception as error:
            logger.exception("%s failed unexpectedly", operation.name)
            return self._failed(failures.defect(operation, error, sent=sent))

    @property
    def _note(self) -> str:
        return SANDBOX_NOTE if self._sandbox else ""

    def _done(self, result: Result, progress: Progress) -> CallToolResult:
        status = {"status": "done"} if self._operation.declaration.guarded else {}
        images = [
            ImageContent(type="image", data=base64.b64encode(image).decode(), mime_type="image/png")
            for image in result.images
        ]
        answer = self._answer(progress.appended_to(result.text), {**status, **result.json_object()})
        answer.content.extend(images)
        return answer

    def _not_done(self, preview: Preview | None) -> CallToolResult:
        if preview is None:
            return self._answer("Declined by the person who was asked. Nothing was changed.", {"status": "declined"})
        text = (
            f"NOT DONE YET, nothing was changed. It would:\n{preview.text}\nShow this to the person. "
            f"Only if they agree, call {self.name} again with the same arguments and confirm: true."
        )
        return self._answer(text, {"status": "confirmation_required", "preview": preview.json_object()})

    def _answer(self, text: str, structured: dict[str, Any]) -> CallToolResult:
        sandbox = {"sandbox": True} if self._sandbox else {}
        return CallToolResult(
            content=[TextContent(type="text", text=self._note + text)], structured_content={**structured, **sandbox}
        )

    def _failed(self, text: str) -> CallToolResult:
        return CallToolResult(content=[TextContent(type="text", text=self._note + text)], is_error=True)


def annotations_of(operation: Operation[...]) -> ToolAnnotations:
    """What a host may believe of a tool before it calls it; all of it follows from the declaration."""
    declaration = operation.declaration
    return ToolAnnotations(
        read_only_hint=not declaration.effect.writes,
        destructive_hint=declaration.effect.destructive or bool(declaration.guarded),
        idempotent_hint=declaration.idempotent,
        open_world_hint=declaration.effect is not Effect.READ,
    )
