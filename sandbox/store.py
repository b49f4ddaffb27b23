"""The portal's state in SQLite: one connection, transactions, and a few settings that survive a restart."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SqlValue = int | float | str | None


def read_text(name: str) -> str:
    """Return a file that lies beside the sandbox's modules."""
    return (Path(__file__).parent / name).read_text("utf-8")


class Store:
    """Everything that the portal knows. In memory without a path; with one, it survives restarts and a kill."""

    def __init__(self, path: Path | None = None) -> None:
        self.connection = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
        self.connection.row_factory = sqlite3.Row
        if path:
            self.connection.execute("PRAGMA journal_mode = WAL")
            self.connection.execute("PRAGMA synchronous = NORMAL")
        self.connection.executescript(read_text("schema.sql"))

    @contextmanager
    def transaction(self) -> Generator[None]:
        """Keep all changes of the block or, when it raises, none. A block inside another belongs to the outer."""
        if self.connection.in_transaction:
            yield
            return
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.rollback()
            raise
        self.connection.commit()

    def one(self, sql: str, *values: SqlValue) -> sqlite3.Row | None:
        """Return the first record that a query finds."""
        return self.connection.execute(sql, values).fetchone()

    def all(self, sql: str, *values: SqlValue) -> list[sqlite3.Row]:
        """Return all records that a query finds."""
        return self.connection.execute(sql, values).fetchall()

    def value(self, sql: str, *values: SqlValue) -> Any:
        """Return the first column of the first record that a query finds, or None."""
        record = self.one(sql, *values)
        return record[0] if record else None

    def run(self, sql: str, *values: SqlValue) -> None:
        """Carry out a change."""
        self.connection.execute(sql, values)

    def insert(self, table: str, **values: SqlValue) -> int:
        """Add a record and return its id. An `id` of None takes the next of the table's sequence."""
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - names are ours
        return self.connection.execute(statement, tuple(values.values())).lastrowid or 0

    def update(self, table: str, id: int, **values: SqlValue) -> None:
        """Change a record."""
        changes = ", ".join(f"{name} = ?" for name in values)
        self.connection.execute(f"UPDATE {table} SET {changes} WHERE id = ?", (*values.values(), id))  # noqa: S608

    def setting(self, name: str) -> str | None:
        """Return what was remembered under a name."""
        return self.value("SELECT value FROM setting WHERE name = ?", name)

    def remember(self, name: str, value: str) -> None:
        """Keep a value under a name. Settings survive `reset`."""
        self.run("INSERT OR REPLACE INTO setting VALUES (?, ?)", name, value)

    def reset(self) -> None:
        """Empty every table but the settings, and let all ids begin anew."""
        with self.transaction():
            tables = self.all("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'setting'")
            for (table,) in tables:
                self.run(f"DELETE FROM {table}")  # noqa: S608 - names are ours

    def close(self) -> None:
        """Close the database."""
        self.connection.close()
