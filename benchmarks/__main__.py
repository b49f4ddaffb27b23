"""`python -m benchmarks [NAME …]`: measure, print a table, exit with 1 when something is over its budget."""

from __future__ import annotations

import importlib
import sys

from .row import Row

_ALL = ("tokens", "speed", "portal", "reads", "writes", "soak")


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all."""
    if unknown := set(names) - set(_ALL):
        print(f"There is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(_ALL)}.", file=sys.stderr)
        return 2
    over = 0
    for name in names or _ALL:
        module = importlib.import_module(f"benchmarks.{name}")
        print(f"\n{name}: {(module.__doc__ or '').splitlines()[0]}", flush=True)
        found: list[Row] = module.rows()
        for row in found:
            print(f"  {'ok  ' if row.within else 'OVER'}  {row.what}: {row.measured}  (budget {row.limit})", flush=True)
            over += not row.within
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
