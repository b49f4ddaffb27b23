"""The options of the embedded portal, through the real command."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from inline_snapshot import snapshot

COMMAND = str(Path(sys.executable).parent / "bitrix24-commerce-mcp")


@contextmanager
def running(*options: str) -> Generator[str]:
    """The portal by itself; gives its webhook."""
    with subprocess.Popen([COMMAND, "sandbox", "--port", "0", *options], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            process.stdout.readline()
            yield process.stdout.readline().strip().partition("=")[2]
        finally:
            process.terminate()


def asked(webhook: str, times: int = 1) -> list[int]:
    """The statuses of so many calls."""
    with httpx2.Client() as client:
        return [client.post(f"{webhook}server.time", json={}).status_code for _ in range(times)]


def test_faults_and_limits_by_option():
    with running("--fault", "500:server.time:2", "--rate", "standard") as webhook:
        assert asked(webhook, 3) == [500, 500, 200]
        assert asked(webhook, 60)[-1] == 503


def test_the_seed_decides_what_is_drawn():
    def drawn(seed: str) -> tuple[str, list[int]]:
        with running("--seed", seed, "--fault", "500:*:0.5") as webhook:
            return webhook.rpartition("/rest/")[2], asked(webhook, 12)

    first, again, other = drawn("1"), drawn("1"), drawn("2")
    assert first == again
    assert first != other
    assert {200, 500} == set(first[1])


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["sandbox", "--fault", "nonsense"], "--fault: no such fault: nonsense"),
        (["sandbox", "--fault", "delay=long"], "--fault: could not convert string to float"),
        (["--db", "x.db"], "--db: for the embedded portal only, add --sandbox\n"),
        (["--seed", "3", "--rate", "standard"], "--seed, --rate: for the embedded portal only, add --sandbox\n"),
    ],
)
def test_options_that_cannot_be_meant_are_refused(options: list[str], complaint: str, tmp_path: Path):
    done = subprocess.run([COMMAND, *options], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith(complaint)
    assert done.stdout == snapshot("")
    assert list(tmp_path.iterdir()) == []


def test_an_option_before_the_command_counts_too(tmp_path: Path):
    file = tmp_path / "kept.db"
    process = subprocess.Popen(
        [COMMAND, "--db", str(file), "sandbox", "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.readline()
        process.terminate()
    assert file.exists()
