"""Which part may import which (design §2)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAY_IMPORT = {
    "rest": set[str](),
    "sandbox": set[str](),
    "tools": {"rest"},
    "prompts": {"rest"},
    "server": {"rest", "tools", "prompts"},
}


def imported(file: Path) -> Iterator[tuple[str, bool]]:
    """Each module that a file imports, written from the root (`rest.portal`), and whether that happens on loading it.

    What stands under `if TYPE_CHECKING` or inside a function does not.
    """
    package = file.relative_to(ROOT).parent.parts
    tree = ast.parse(file.read_text("utf-8"))
    later = {
        id(node)
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.If)
        and (not isinstance(outer, ast.If) or ast.unparse(outer.test) == "TYPE_CHECKING")
        for node in ast.walk(outer)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name.removeprefix("bitrix24_commerce."), id(node) not in later
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*base, *filter(None, [node.module])])
            for name in [module] if module else [alias.name for alias in node.names]:
                yield name.removeprefix("bitrix24_commerce."), id(node) not in later


def files(part: str) -> list[Path]:
    return sorted((ROOT / part).rglob("*.py"))


@pytest.mark.parametrize("part", MAY_IMPORT)
def test_a_part_imports_only_what_it_may(part: str):
    assert files(part)
    for file in files(part):
        ours = {name.partition(".")[0] for name, _ in imported(file)} & MAY_IMPORT.keys() - {part}
        assert ours - {"sandbox"} <= MAY_IMPORT[part], file
        assert "sandbox" not in ours or part == "server", file


def test_the_sandbox_is_loaded_only_when_it_is_asked_for():
    loaded = {"server.command_line"}
    while (
        more := {
            name
            for file in files("server")
            if ".".join(file.relative_to(ROOT).with_suffix("").parts) in loaded
            for name, on_loading in imported(file)
            if on_loading
        }
        - loaded
    ):
        loaded |= more
    assert not [name for name in loaded if name.partition(".")[0] == "sandbox"]


def test_only_the_command_line_and_the_demo_start_the_sandbox():
    starting = {file.name for file in files("server") if any(name == "sandbox" for name, _ in imported(file))}
    assert starting == {"command_line.py", "connecting.py", "demo.py", "sandbox_options.py"}


@pytest.mark.parametrize("part", ["rest", "tools", "prompts", "sandbox"])
def test_only_the_server_knows_the_protocol(part: str):
    for file in files(part):
        assert not {name.partition(".")[0] for name, _ in imported(file)} & {"mcp", "mcp_types"}, file


def test_between_our_modules_imports_are_relative():
    for part in MAY_IMPORT:
        for file in files(part):
            assert "bitrix24_commerce." not in "".join(
                line for line in file.read_text("utf-8").splitlines() if line.lstrip().startswith(("from ", "import "))
            ), file
