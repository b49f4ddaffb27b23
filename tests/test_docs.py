"""What the documents say can be done as they say it."""

from __future__ import annotations

import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest
from bitrix24_commerce.rest import Webhook
from bitrix24_commerce.sandbox import Portal
from bitrix24_commerce.sandbox.faults import KINDS
from bitrix24_commerce.server.login import DEFAULT_PORT
from bitrix24_commerce.server.settings import read_settings
from mcp import Client
from mcp.client.stdio import StdioServerParameters

from .generated import ROOT

DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMAND = str(Path(sys.executable).parent / "bitrix24-commerce-mcp")
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
SANDBOX = (ROOT / "docs" / "sandbox.md").read_text(encoding="utf-8")
PLACEHOLDER = "/path/to/.venv/bin/bitrix24-commerce-mcp"


def blocks(language: str) -> list[str]:
    """The README's code blocks in a language."""
    return re.findall(rf"^ *```{language}\n(.*?)^ *```", TEXT, re.DOTALL | re.MULTILINE)


def servers() -> list[dict[str, Any]]:
    """The server of each configuration of a host."""
    found = [json.loads(block) for block in blocks("json")]
    return [each.get("mcpServers", each.get("servers"))["bitrix24-commerce"] for each in found]


def test_every_host_is_given_the_command_with_settings_that_exist() -> None:
    assert len(servers()) == 4
    for server in servers():
        assert server["command"] == PLACEHOLDER
        settings = read_settings(server.get("env", {}))
        assert settings.webhook_url or server["args"] == ["--sandbox"]


def test_every_webhook_address_is_one() -> None:
    addresses = re.findall(r"""BITRIX24_WEBHOOK_URL(?:=|": )['"](https.*?)['"]""", TEXT)
    assert len(addresses) == 3
    assert {Webhook.parse(address).origin for address in addresses} == {"https://example.bitrix24.com"}


@pytest.mark.anyio
async def test_a_host_that_is_configured_as_shown_works_on_the_sandbox() -> None:
    server = next(each for each in servers() if "args" in each)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BITRIX24_")}
    parameters = StdioServerParameters(command=COMMAND, args=server["args"], env=environment)
    async with Client(parameters) as client:
        result = await client.call_tool("productrow_list", {"ownerType": "deal", "ownerId": 13142})
    assert result.structured_content is not None
    assert result.structured_content["total"] == 3
    assert result.structured_content["sandbox"] is True


def test_every_command_is_one_that_the_parser_knows() -> None:
    usage = subprocess.run([COMMAND, "--help"], capture_output=True, text=True, check=True).stdout
    known = {*re.findall(r"--[a-z-]+", usage), *re.findall(r"^ {4}([a-z]+) ", usage, re.MULTILINE)}
    lines = [line.partition("#")[0] for line in "".join(blocks("sh")).splitlines()]
    used = {word for line in lines for word in line.partition("bitrix24-commerce-mcp")[2].split()}
    inline = {*re.findall(r"`(--[a-z-]+)", TEXT), *re.findall(r"bitrix24-commerce-mcp ([a-z]+)`", TEXT)}
    assert {"--sandbox", "demo", "check", "login"} <= used
    assert used | inline <= known


def test_the_examples_work() -> None:
    for example in sorted((ROOT / "examples").glob("test_*.py")):
        tests = {name: each for name, each in runpy.run_path(str(example)).items() if name.startswith("test_")}
        assert tests
        for test in tests.values():
            test()


def test_the_handler_path_is_where_the_login_listens() -> None:
    assert f"`http://127.0.0.1:{DEFAULT_PORT}/`" in TEXT


def test_every_control_of_the_sandbox_takes_the_bodies_that_are_shown() -> None:
    controls = re.findall(r"^\| `(/sandbox/[a-z]+)` \|(.*?)\|", SANDBOX, re.MULTILINE)
    portal = Portal()
    with portal.serve_in_thread(), httpx2.Client(base_url=portal.address) as http:
        there_are = http.post("/sandbox/nothing").json()["error"]
        assert re.findall(r"[a-z]+", there_are.removeprefix("There are")) == sorted(
            path.rpartition("/")[2] for path, _ in controls
        )
        for path, bodies in controls:
            for body in re.findall(r"`({.*?})`", bodies) or ["{}"]:
                answer = http.post(path, content=body, headers={"Content-Type": "application/json"})
                assert answer.status_code == 200, (path, body, answer.text)
    portal.close()


def test_every_kind_of_fault_is_named() -> None:
    paragraph = SANDBOX.partition("Kinds of faults:")[2].partition("\n\n")[0]
    assert re.findall(r"`(\w+)`", paragraph) == list(KINDS)


def test_every_make_target_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"^make ([a-z]+)", "".join(blocks("sh")), re.MULTILINE)) == {"demo", "test"} <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_setting_that_is_named_exists(document: Path) -> None:
    names = set(re.findall(r"BITRIX24_[A-Z_]+", document.read_text(encoding="utf-8")))
    flags = {"BITRIX24_READ_ONLY": "yes", "BITRIX24_PLAN": "standard", "BITRIX24_TOOLSETS": "payment"}
    read_settings({name: flags.get(name, "x") for name in names})


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_that_is_named_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    linked = [document.parent / link for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", text)]
    named = [ROOT / path for path in re.findall(r"`((?:[a-z_]+/)+[a-z_]*(?:\.py|\.md|\.json)?)`", text)]
    assert [path for path in [*linked, *named] if not path.exists()] == []
