"""The command `bitrix24-commerce-mcp` (design §6)."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
from typing import TYPE_CHECKING

from .sandbox_options import add_options, embedded_portal, given

if TYPE_CHECKING:
    from ..sandbox import Portal as SandboxPortal
    from .settings import Settings


def main() -> None:
    """Run the command; exit with 2 when it was called or configured wrongly."""
    # What is imported stays: collecting garbage meanwhile finds none and costs a sixth of the start.
    gc.disable()
    arguments = _parser().parse_args()
    try:
        status = arguments.run(arguments)
    except KeyboardInterrupt:
        status = 130
    except BrokenPipeError:
        status = 0
    sys.exit(status)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bitrix24-commerce-mcp",
        description="MCP server for product rows, payments, deliveries and order bindings of a Bitrix24 CRM.",
        epilog="Settings come from the environment: BITRIX24_WEBHOOK_URL and others, see the README.",
    )
    parser.set_defaults(run=_serve)
    parser.add_argument("--sandbox", action="store_true", help="work on the embedded portal; every answer says so")
    parser.add_argument("--read-only", action="store_true", default=None, help="offer no tool that writes")
    parser.add_argument("--toolsets", metavar="NAMES", help="offer these families of tools only, separated by commas")
    add_options(parser)
    commands = parser.add_subparsers(title="commands", metavar="")
    demo = commands.add_parser("demo", help="a deal goes from rows to paid before your eyes, on the embedded portal")
    demo.set_defaults(run=_demo)
    sandbox = commands.add_parser("sandbox", help="run the embedded portal by itself and print its webhook URL")
    sandbox.add_argument("--port", type=_port, default=8024, help="default 8024; 0 for any that is free")
    add_options(sandbox)
    sandbox.set_defaults(run=_sandbox)
    commands.add_parser("tools", help="the table of tools").set_defaults(run=_tools)
    check = commands.add_parser("check", help="is the portal reachable, who am I, what may this webhook do")
    check.set_defaults(run=_check)
    login = commands.add_parser("login", help="connect to a portal with OAuth 2.0 instead of a webhook")
    login.add_argument("--port", type=_port, default=8724, help="port of the page that receives the code; default 8724")
    login.add_argument("--paste", action="store_true", help="paste the address instead of receiving it")
    login.set_defaults(run=_login)
    return parser


def _port(text: str) -> int:
    if not (text.isdecimal() and int(text) < 2**16):
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)


def _complain(error: Exception) -> int:
    print(error, file=sys.stderr)
    return 2


def _settings(arguments: argparse.Namespace) -> Settings:
    from .settings import read_settings, toolsets

    chosen: str | None = getattr(arguments, "toolsets", None)
    return read_settings(
        os.environ,
        read_only=getattr(arguments, "read_only", None),
        toolsets=None if chosen is None else toolsets(chosen),
        sandbox=getattr(arguments, "sandbox", False),
    )


def _serve(arguments: argparse.Namespace) -> int:
    from .connecting import portal_opener
    from .settings import InvalidSettings

    try:
        settings = _settings(arguments)
        if not settings.sandbox and (options := given(arguments)):
            raise InvalidSettings(f"{', '.join(options)}: for the embedded portal only, add --sandbox")
        embedded = embedded_portal(arguments) if settings.sandbox else None
        open_portal = portal_opener(settings, (lambda: embedded) if embedded else None)
    except InvalidSettings as error:
        return _complain(error)
    from .app import CommerceServer
    from .ending import ending_with, like_ctrl_c

    server = CommerceServer(settings, ending_with(open_portal))
    gc.enable()
    gc.freeze()
    signal.signal(signal.SIGTERM, like_ctrl_c)
    server.run("stdio")
    return 0


def _demo(arguments: argparse.Namespace) -> int:
    from .demo import run

    return run()


def _sandbox(arguments: argparse.Namespace) -> int:
    def ready(portal: SandboxPortal) -> None:
        kept = "its records are kept" if "db" in arguments else "its records are gone then (keep them with --db FILE)"
        print(f"The embedded portal runs: open {portal.address}/ in a browser. Ctrl-C stops it; {kept}.")
        print(f"BITRIX24_WEBHOOK_URL={portal.webhook_url()}", flush=True)

    from .settings import InvalidSettings

    gc.enable()
    try:
        embedded_portal(arguments).run("127.0.0.1", arguments.port, ready)
    except (InvalidSettings, OSError) as error:
        return _complain(error)
    return 0


def _tools(arguments: argparse.Namespace) -> int:
    from .tool_table import tool_table

    print(tool_table())
    return 0


def _check(arguments: argparse.Namespace) -> int:
    from .check import run
    from .settings import InvalidSettings

    try:
        return run(_settings(arguments))
    except InvalidSettings as error:
        return _complain(error)


def _login(arguments: argparse.Namespace) -> int:
    from .login import run
    from .settings import InvalidSettings

    try:
        return run(_settings(arguments), port=arguments.port, paste=arguments.paste)
    except InvalidSettings as error:
        return _complain(error)
