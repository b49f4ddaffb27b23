"""How the demo looks: what a person asked, the calls an assistant makes, and their answers with tables aligned.

Colours appear on a terminal only, and characters that the output cannot hold are replaced.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, TextIO

WIDTH = 100
_BOLD, _CYAN, _YELLOW, _RED, _WHITE_ON_BLACK = "1", "36", "33", "31", "97;40"
_PLAIN = str.maketrans({"→": "->", "×": "x", "…": "..."})
_NUMBER = re.compile(r"[-\d.%]*")


class Terminal:
    """The output, and what it can show."""

    def __init__(self, output: TextIO | None = None) -> None:
        self._output = output or sys.stdout
        colours = self._output.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        self._colours = colours
        self._unicode = _holds(self._output, "→▀")
        self._width = max(40, min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns))

    def text(self, text: str) -> None:
        """A paragraph."""
        self._print(self._wrapped(text))

    def person(self, words: str) -> None:
        """What the person says to the assistant: the heading of what follows."""
        self._print(["", *self._wrapped(f"You: {words}", "     ")], _BOLD)

    def call(self, tool: str, arguments: Mapping[str, Any]) -> None:
        """A tool call, as the assistant makes it."""
        given = [f"{name}={_argument(value)}" for name, value in arguments.items()]
        self._print(self._wrapped(" ".join(["→", tool, *given]), "    "), _CYAN)

    def answer(self, text: str, *, confirmation: bool = False, failed: bool = False) -> None:
        """The text that the assistant reads."""
        lines: list[str] = []
        for tabbed, block in groupby(text.splitlines(), lambda line: "\t" in line):
            if tabbed:
                lines += _aligned([line.split("\t") for line in block])
            else:
                lines += [part for line in block for part in self._wrapped(line)]
        self._print([f"  {line}" for line in lines], _RED if failed else _YELLOW if confirmation else "")

    def qr_code(self, link: str) -> None:
        """The QR code of a link, light on dark whatever the terminal's colours are."""
        self._print([f"  {line}" for line in _drawn(link, compact=self._unicode)], _WHITE_ON_BLACK)

    def _wrapped(self, text: str, following: str = "") -> list[str]:
        return (
            [""]
            if not text
            else textwrap.wrap(text, self._width - 2, subsequent_indent=following, break_on_hyphens=False)
        )

    def _print(self, lines: Sequence[str], style: str = "") -> None:
        for line in lines:
            shown = line if self._unicode else line.translate(_PLAIN)
            shown = shown.encode(self._encoding, "replace").decode(self._encoding)
            coloured = self._colours and style and line
            print(f"\033[{style}m{shown}\033[0m" if coloured else shown, file=self._output, flush=True)

    @property
    def _encoding(self) -> str:
        return self._output.encoding or "utf-8"


def _holds(output: TextIO, text: str) -> bool:
    try:
        text.encode(output.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _argument(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The rows of a table as lines; columns of numbers stand to the right."""
    columns = list(zip(*rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    numeric = [all(_NUMBER.fullmatch(cell) for cell in column[1:]) for column in columns]
    for row in rows:
        cells = zip(row, widths, numeric, strict=True)
        yield "  ".join(cell.rjust(width) if right else cell.ljust(width) for cell, width, right in cells).rstrip()


def _drawn(link: str, *, compact: bool) -> list[str]:
    """A QR code in half blocks, or in `##` where the output has no such characters. Light modules are drawn."""
    import segno

    code = segno.make_qr(link)
    if not compact:
        return ["".join("  " if dark else "##" for dark in row) for row in code.matrix_iter(border=2)]
    drawing = io.StringIO()
    code.terminal(drawing, border=2, compact=True)
    return drawing.getvalue().splitlines()
