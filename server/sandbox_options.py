"""The options of the embedded portal, and the portal that they describe."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..sandbox import Portal

_NAMES = ("db", "profile", "scenario", "seed", "rate", "operating", "method_seconds", "token_seconds", "fault")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Let a command take the options. One that is not given leaves no trace, so that a subcommand's do not hide it."""
    group = parser.add_argument_group("embedded portal", argument_default=argparse.SUPPRESS)
    group.add_argument("--db", type=Path, metavar="FILE", help="keep its records in this file")
    group.add_argument("--profile", choices=("classic", "current"), help="API generation it follows; default classic")
    group.add_argument("--scenario", choices=("shop", "empty", "large"), help="what it starts with; default shop")
    group.add_argument("--rate", choices=("standard", "enterprise"), help="limit requests as that plan does")
    group.add_argument("--operating", type=float, metavar="S", help="limit what a method may work in ten minutes")
    group.add_argument("--method-seconds", type=float, metavar="S", help="let every method take so long")
    group.add_argument("--token-seconds", type=float, metavar="S", help="life of an OAuth access token; default 3600")
    group.add_argument(
        "--fault",
        action="append",
        metavar="KIND[=S][+after][:METHOD[:N]]",
        help="spoil calls, N times or with the probability 0.N, as reply_lost:crm.item.payment.*:0.05 or delay=3:*:2",
    )
    group.add_argument("--seed", type=int, metavar="N", help="what faults and webhook codes are drawn from; default 0")


def given(arguments: argparse.Namespace) -> list[str]:
    """The options of the embedded portal that were given."""
    return [f"--{name.replace('_', '-')}" for name in _NAMES if hasattr(arguments, name)]


def embedded_portal(arguments: argparse.Namespace) -> Portal:
    """The portal that the options describe.

    Raises:
        InvalidSettings: The file cannot hold its records, or a fault is none.

    """
    import sqlite3

    from ..sandbox import Portal
    from ..sandbox.faults import Fault
    from ..sandbox.limits import RATES, Limits
    from .settings import InvalidSettings

    options = vars(arguments)
    try:
        faults = [Fault.parse(text) for text in options.get("fault", ())]
    except ValueError as error:
        raise InvalidSettings(f"--fault: {error}") from None
    try:
        return Portal(
            profile=options.get("profile", "classic"),
            database=options.get("db"),
            scenario=options.get("scenario", "shop"),
            seed=options.get("seed", 0),
            limits=Limits(RATES.get(options.get("rate", "")), options.get("operating")),
            method_seconds=options.get("method_seconds", 0.0),
            token_seconds=options.get("token_seconds", 3600),
            faults=faults,
        )
    except sqlite3.Error as error:
        raise InvalidSettings(f"--db {options.get('db')}: {error}") from None
