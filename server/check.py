"""`bitrix24-commerce-mcp check`: is the portal reachable, who am I there, what may I do."""

from __future__ import annotations

from typing import Any, cast

import anyio

from ..rest import Portal, PortalError
from ..tools import OPERATIONS
from ..tools.tables import line
from .connecting import portal_opener
from .settings import Settings


def run(settings: Settings) -> int:
    """Print what was found; 0 when all tools can work, 1 when something is missing.

    Raises:
        InvalidSettings: No portal is configured.

    """
    return anyio.run(_check, settings)


async def _check(settings: Settings) -> int:
    async with portal_opener(settings)() as portal:
        print(f"portal    {portal.origin}")
        try:
            person, scopes = await _who(portal), await _scopes(portal)
        except PortalError as error:
            print(f"problem   {line(str(error))}\nnext      {error.recovery}")
            return 1
    print(f"user      {person}\nscopes    {', '.join(sorted(scopes))}")
    missing: dict[str, list[str]] = {}
    for operation in OPERATIONS.values():
        if operation.declaration.scope not in scopes:
            missing.setdefault(operation.declaration.scope, []).append(operation.name)
    for scope, names in missing.items():
        some = ", ".join(names[:3]) + (", …" if names[3:] else "")
        print(f"missing   {scope}: without it {len(names)} tools cannot work ({some})")
    print("result    " + ("some tools cannot work: tick the missing scopes" if missing else "all tools can work"))
    return 1 if missing else 0


async def _who(portal: Portal) -> str:
    profile = cast("dict[str, Any]", await portal.call("profile", {}))
    name = line(f"{profile.get('NAME') or ''} {profile.get('LAST_NAME') or ''}".strip())
    return f"{name} (id {profile.get('ID')}{', administrator' if profile.get('ADMIN') else ''})"


async def _scopes(portal: Portal) -> set[str]:
    return {str(scope) for scope in await portal.call("scope", {})}
