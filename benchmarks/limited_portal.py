"""The embedded portal with its limits on, in a process of its own, over http and over https."""

from __future__ import annotations

import asyncio
import json
import ssl
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bitrix24_commerce.sandbox import Portal
from bitrix24_commerce.sandbox.limits import STANDARD, Limits


@dataclass(frozen=True)
class LimitedPortal:
    """How to reach the portal, and what it saw."""

    process: subprocess.Popen[str]
    webhook: str
    secure_host: str
    """Host and port of the same portal behind TLS."""
    certificate: Path
    """What to trust to reach it there."""

    def tally(self) -> tuple[int, int]:
        """The requests since the last tally, and how many of them were refused for a limit. Empties the bucket, too."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        requests, refused = _answer(self.process)
        return requests, refused


@contextmanager
def limited_portal(*, scenario: str = "shop", seconds: float = 0.1, limited: bool = True) -> Generator[LimitedPortal]:
    """A portal whose methods take so many seconds. It ends with the block."""
    options = json.dumps({"scenario": scenario, "seconds": seconds, "limited": limited})
    with tempfile.TemporaryDirectory() as folder:
        certificate = _certificate(Path(folder))
        command = [sys.executable, "-m", __name__, options, str(certificate)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            try:
                webhook, secure_host = _answer(process)
                yield LimitedPortal(process, webhook, secure_host, certificate)
            finally:
                process.terminate()


def _answer(process: subprocess.Popen[str]) -> Any:
    assert process.stdout is not None
    return json.loads(process.stdout.readline())


def _certificate(folder: Path) -> Path:
    """A certificate for this machine, with its key in the same file."""
    path = folder / "portal.pem"
    request = ["req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-days", "1"]
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(
        ["openssl", *request, *names, "-keyout", path, "-out", f"{path}.crt"], check=True, capture_output=True
    )
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


async def _serve(scenario: str, seconds: float, limited: bool, certificate: str) -> None:
    limits = Limits(STANDARD if limited else None)
    portal = Portal(profile="current", scenario=scenario, method_seconds=seconds, limits=limits)
    portal.journal.entries = deque()
    async with portal.serve(), _behind_tls(portal.address, certificate) as secure_host:
        print(json.dumps([portal.webhook_url(), secure_host]), flush=True)
        while await asyncio.to_thread(sys.stdin.readline):
            statuses = [entry.status for entry in portal.journal.entries if not entry.in_batch]
            print(json.dumps([len(statuses), statuses.count(503)]), flush=True)
            portal.journal.entries.clear()
            portal.limits.clear()


@asynccontextmanager
async def _behind_tls(address: str, certificate: str) -> AsyncGenerator[str]:
    """A door to the portal for those who only speak https; gives its host and port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    inner = address.rpartition(":")[2]

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_portal, to_portal = await asyncio.open_connection("127.0.0.1", int(inner))
        await asyncio.gather(_pass_on(reader, to_portal), _pass_on(from_portal, writer))

    async with await asyncio.start_server(connected, "127.0.0.1", 0, ssl=context) as server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()


if __name__ == "__main__":
    asyncio.run(_serve(**json.loads(sys.argv[1]), certificate=sys.argv[2]))
