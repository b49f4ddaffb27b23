"""Nothing that removes or overwrites happens before somebody agreed to a preview of it (design §4).

A person is asked where the client can ask one, in either protocol era: since 2026-07-28 the question travels in the
result and the answer in a repeated call; before, the server asks while the call is under way. Either way a yes counts
for the preview that was shown: when the portal's state has changed meanwhile, the question is put anew.
"""

from __future__ import annotations

import hashlib
from typing import Any, cast

from mcp.server.mcpserver.context import Context
from mcp.shared.exceptions import MCPError
from mcp_types import ElicitRequest, ElicitRequestFormParams, ElicitResult, InputRequiredResult
from mcp_types.version import is_version_at_least

from ..rest import Portal
from ..tools import Operation, Preview

_QUESTION = "confirm"
_FORM: dict[str, Any] = {
    "type": "object",
    "properties": {_QUESTION: {"type": "boolean", "title": "Carry this out", "default": True}},
}
_INPUT_REQUIRED_SINCE = "2026-07-28"
_ROUNDS = 3

Agreed = bool
"""True: carry it out. False: a person declined."""


async def consent(
    operation: Operation[...], portal: Portal, arguments: dict[str, Any], context: Context[Any, Any], *, note: str
) -> Agreed | Preview | InputRequiredResult:
    """Whether the call may go ahead; a `Preview` when nobody can be asked from here, or the question to send back.

    `note` is put before the preview, to say on which portal this happens.

    Raises:
        PortalError: The present state could not be read, or forbids the call.

    """
    preview = await _preview(operation, portal, arguments)
    if preview is None:
        return True
    if not _can_ask(context):
        return preview
    if _asks_by_result(context):
        return _answered(operation, preview, context, note)
    for _ in range(_ROUNDS):
        try:
            answer = await context.session.elicit_form(
                note + preview.text, _FORM, related_request_id=context.request_id
            )
        except MCPError:  # The host said that it can ask, and could not.
            return preview
        if not _agrees(answer):
            return False
        present = await _preview(operation, portal, arguments)
        if present is None or present == preview:
            return True
        preview, note = present, f"{note}The record has changed meanwhile. Now:\n"
    return preview


async def _preview(operation: Operation[...], portal: Portal, arguments: dict[str, Any]) -> Preview | None:
    if operation.previewer is None:
        return Preview(f"Carry out {operation.name}", [f"{name}: {value}" for name, value in arguments.items()])
    return await operation.previewer(portal, **arguments)


def _can_ask(context: Context[Any, Any]) -> bool:
    """Whether the client can put a form to a person, and there is a way to send it one."""
    capabilities = context.client_capabilities
    elicitation = capabilities.elicitation if capabilities else None
    if elicitation is None or (elicitation.form is None and elicitation.url is not None):
        return False
    return _asks_by_result(context) or context.session.can_send_request


def _asks_by_result(context: Context[Any, Any]) -> bool:
    return is_version_at_least(context.protocol_version or "", _INPUT_REQUIRED_SINCE)


def _answered(
    operation: Operation[...], preview: Preview, context: Context[Any, Any], note: str
) -> Agreed | InputRequiredResult:
    """The answer that came with a repeated call, if it answers the question as it stands now; else the question."""
    message = note + preview.text
    state = hashlib.sha256(f"{operation.name}\n{message}".encode()).hexdigest()
    answer = (context.input_responses or {}).get(_QUESTION)
    if isinstance(answer, ElicitResult):
        if not _agrees(answer):
            return False
        if context.request_state == state:
            return True
    question = ElicitRequest(params=ElicitRequestFormParams(message=message, requested_schema=cast("Any", _FORM)))
    return InputRequiredResult(input_requests={_QUESTION: question}, request_state=state)


def _agrees(answer: ElicitResult) -> bool:
    return answer.action == "accept" and (answer.content or {}).get(_QUESTION, True) is True
