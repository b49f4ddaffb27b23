"""What `python -m tests.generated` writes, and how it judges a change of the tool list."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from .generated import EXAMPLE, README, ROOT, SANDBOX, TOOLS, main, settings_table
from .tool_changes import changes

Tool = dict[str, Any]
LISTED: list[Tool] = json.loads((ROOT / TOOLS).read_text(encoding="utf-8"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the files that hold generated parts, and what they are made of."""
    for path in (README, SANDBOX, EXAMPLE, TOOLS):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    return tmp_path


def test_what_is_generated_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0
    assert capsys.readouterr().out == ""


def test_a_stale_table_is_named_and_then_written(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fresh = (project / README).read_text(encoding="utf-8")
    (project / README).write_text(fresh.replace("| payment_pay |", "| payment_pray |"), encoding="utf-8")
    assert main(["--check"], project) == 1
    assert capsys.readouterr().out == "README.md is out of date: run `make format`\n"
    assert main([], project) == 0
    assert (project / README).read_text(encoding="utf-8") == fresh


def test_a_changed_tool_list_is_classed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = [*LISTED[1:], {**LISTED[0], "name": "productrow_invent"}]
    (project / TOOLS).write_text(json.dumps(before), encoding="utf-8")
    assert main(["--check"], project) == 1
    assert capsys.readouterr().out.splitlines() == [
        "tests/data/tools.json is out of date: run `make format`",
        "  BREAKING: productrow_invent: removed",
        "  compatible: productrow_add: added",
    ]


def test_every_setting_is_in_the_table() -> None:
    assert "| `BITRIX24_READ_ONLY` | Offer no tool that writes. | false |" in settings_table()
    assert "SANDBOX" not in settings_table()


def argument(tool: Tool, name: str) -> dict[str, Any]:
    return tool["inputSchema"]["properties"][name]


def answer(tool: Tool) -> dict[str, Any]:
    return tool["outputSchema"]["properties"]


BREAKING: dict[str, Callable[[Tool], object]] = {
    "argument.quantity does not exist": lambda tool: tool["inputSchema"]["properties"].pop("quantity"),
    "argument.price may be missing, it is required": lambda tool: tool["inputSchema"]["required"].append("price"),
    "argument.price may be number, integer is wanted": lambda tool: argument(tool, "price").update(type="integer"),
    "argument.taxIncluded may be N": lambda tool: argument(tool, "taxIncluded").update(enum=["Y"]),
    "argument.sort may be beyond maximum 9": lambda tool: argument(tool, "sort").update(maximum=9),
    "argument.sort may be beyond minimum 1": lambda tool: argument(tool, "sort").update(minimum=1),
    "answer.productRow may be missing, it is required; answer.productRow removed": lambda tool: (
        answer(tool).pop("productRow"),
        tool["outputSchema"]["required"].remove("productRow"),
    ),
    "answer.productRow.price may be string, number is wanted": lambda tool: answer(tool)["productRow"]["properties"][
        "price"
    ].update(type="string"),
    "answer.productRow.id may be missing, it is required": lambda tool: answer(tool)["productRow"]["required"].remove(
        "id"
    ),
}


@pytest.mark.parametrize("reasons", BREAKING)
def test_what_somebody_relied_on_is_breaking(reasons: str) -> None:
    tool = next(each for each in LISTED if each["name"] == "productrow_add")
    changed = deepcopy(tool)
    BREAKING[reasons](changed)
    assert [str(each) for each in changes([tool], [changed])] == [f"BREAKING: productrow_add: {reasons}"]


def test_more_room_and_other_words_are_compatible() -> None:
    tool = next(each for each in LISTED if each["name"] == "productrow_add")
    changed = deepcopy(tool)
    changed["description"] = "Add a row."
    argument(changed, "ownerId").pop("maximum")
    changed["inputSchema"]["properties"]["colour"] = {"type": "string"}
    answer(changed)["warning"] = {"type": "string"}
    assert [str(each) for each in changes([tool], [changed])] == [
        "compatible: productrow_add: description, inputSchema, outputSchema changed"
    ]


def test_the_same_list_has_no_changes() -> None:
    assert changes(LISTED, LISTED) == []
