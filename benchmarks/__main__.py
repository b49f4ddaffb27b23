"""`python -m benchmarks [NAME …]`: measure, print a table, exit with 1 when something is over its budget."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import benchmarks

from .row import Row


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all."""
    known = sorted(each.name for each in pkgutil.iter_modules(benchmarks.__path__))
    over = 0
    for name in names or known:
        module = importlib.import_module(f"benchmarks.{name}")
        if not hasattr(module, "rows"):
            continue
        print(f"\n{name}: {(module.__doc__ or '').splitlines()[0]}", flush=True)
        found: list[Row] = module.rows()
        for row in found:
            print(f"  {'ok  ' if row.within else 'OVER'}  {row.what}: {row.measured}  (budget {row.limit})", flush=True)
            over += not row.within
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
