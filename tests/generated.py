"""Write everything that is generated: `python -m tests.generated`. With `--check` only say what is out of date.

Generated are the tables and examples between markers in the documents, and the snapshot of the tool list.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import anyio
from bitrix24_commerce.sandbox import Portal
from bitrix24_commerce.server.app import CommerceServer
from bitrix24_commerce.server.connecting import portal_opener
from bitrix24_commerce.server.settings import PREFIX, Settings
from bitrix24_commerce.server.tool import SANDBOX_NOTE
from bitrix24_commerce.server.tool_table import tool_table
from bitrix24_commerce.tools import TOOLSETS
from mcp import Client
from mcp_types import TextContent

from .tool_changes import changes

ROOT = Path(__file__).parent.parent
README = Path("README.md")
SANDBOX = Path("docs/sandbox.md")
EXAMPLE = Path("examples/test_with_the_sandbox.py")
TOOLS = Path("tests/data/tools.json")
_LISTED = {"name", "description", "input_schema", "output_schema", "annotations"}
_PREVIEWED: tuple[str, dict[str, Any]] = ("payment_delete", {"id": 1040})


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """Write, or check; 1 when something is out of date."""
    wanted = anyio.run(_generated, root)
    stale = {path: text for path, text in wanted.items() if _read(root / path) != text}
    if "--check" not in arguments:
        for path, text in stale.items():
            (root / path).write_text(text, encoding="utf-8")
        return 0
    for path, text in stale.items():
        print(f"{path} is out of date: run `make format`")  # noqa: T201
        for change in changes(json.loads(_read(root / path) or "[]"), json.loads(text)) if path == TOOLS else ():
            print(f"  {change}")  # noqa: T201
    return 1 if stale else 0


async def _generated(root: Path) -> dict[Path, str]:
    """Every generated file, as it should be."""
    settings = Settings(sandbox=True)
    async with Client(CommerceServer(settings, portal_opener(settings, Portal))) as client:
        tools = (await client.list_tools()).tools
        preview = await client.call_tool(*_PREVIEWED)
    (text,) = [part.text.removeprefix(SANDBOX_NOTE) for part in preview.content if isinstance(part, TextContent)]
    parts = {
        "tools": tool_table(),
        "preview": f"```\n{text}\n```",
        "settings": settings_table(),
        "toolsets": "; ".join(f"`{name}` {what}" for name, what in TOOLSETS.items()) + ".",
    }
    listed = [tool.model_dump(mode="json", by_alias=True, exclude_none=True, include=_LISTED) for tool in tools]
    snapshot = json.dumps(listed, ensure_ascii=False, indent=1) + "\n"
    example = {"example": f"```python\n{_read(root / EXAMPLE)}```"}
    return {
        README: _filled(_read(root / README), parts),
        SANDBOX: _filled(_read(root / SANDBOX), example),
        TOOLS: snapshot,
    }


def settings_table() -> str:
    """Every setting in a Markdown table, explained by its docstring."""
    lines = ["| setting | what it says | default |", "|---|---|---|"]
    explained = _docstrings(Settings)
    for setting in fields(Settings):
        if setting.name in explained:
            default = str(setting.default or "") if setting.default is not False else "false"
            lines.append(f"| `{PREFIX}{setting.name.upper()}` | {explained[setting.name]} | {default} |")
    return "\n".join(lines)


def _docstrings(of: type) -> dict[str, str]:
    """The docstrings under the fields of a class."""
    (body,) = [each.body for each in ast.parse(inspect.getsource(of)).body if isinstance(each, ast.ClassDef)]
    found: dict[str, str] = {}
    for field, text in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            match text:
                case ast.Expr(value=ast.Constant(value=str(words))):
                    found[field.target.id] = words
                case _:
                    pass
    return found


def _filled(text: str, parts: dict[str, str]) -> str:
    """The text with each part between its markers, `<!-- name -->` and `<!-- /name -->`."""
    for name, part in parts.items():
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        text = re.sub(f"{start}.*?{end}", lambda _, new=f"{start}\n{part}\n{end}": new, text, flags=re.DOTALL)
    return text


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
