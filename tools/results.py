"""What tools give: structured content with its schema, and a short text for the model.

REST's own keys are kept where it has them; a bare id, list or `true` gets one (design §3). Fields that the portal did
not send are left out, not invented.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar, Self, cast

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, field_serializer

from ..rest.numbers import json_number
from ..rest.records import OrderBinding
from .tables import line, table


class Result(BaseModel):
    """The answer of a tool."""

    model_config = ConfigDict(extra="forbid")
    _text: str = PrivateAttr(default="")

    def saying(self, text: str) -> Self:
        """The same result with this text for the model."""
        self._text = text
        return self

    @property
    def text(self) -> str:
        """What the model reads."""
        return self._text

    @property
    def images(self) -> list[bytes]:
        """PNG images that go with the text."""
        return []

    def json_object(self) -> dict[str, Any]:
        """The structured content."""
        return self.model_dump(mode="json", exclude_unset=True)


class Created(Result):
    """The id of what was created."""

    id: int


class Done(Result):
    """It was carried out."""

    done: bool


def done(text: str) -> Done:
    """Carried out, in words."""
    return Done(done=True).saying(text)


class Listing(Result):
    """A list; subclasses name the key, the columns and the noun."""

    noun: ClassVar[str]
    total: int = Field(default=0)
    next: int = Field(default=0)

    def _summary(self, count: int) -> str:
        given = self.model_fields_set
        what = f"{count} of {self.total}" if "total" in given else str(count)
        more = f"; more with start={self.next}" if "next" in given else ""
        return f"{what} {self.noun}{more}"


class FieldsResult(Result):
    """Descriptions of fields."""

    fields: dict[str, Any]

    @property
    def text(self) -> str:
        """A table of the fields."""
        return field_table(self.fields)


class BindingResult(Result):
    """A binding that now exists."""

    dealOrder: OrderBinding


class BindingsResult(Listing):
    """Order bindings."""

    noun = "order bindings"
    orderEntity: list[OrderBinding]

    @property
    def text(self) -> str:
        """A table of the bindings."""
        head = self._summary(len(self.orderEntity))
        rows = [(each.orderId, each.ownerTypeId, each.ownerId) for each in self.orderEntity]
        return f"{head}\n{table(('orderId', 'ownerTypeId', 'ownerId'), rows)}" if rows else head


class BindingFieldsResult(Result):
    """Descriptions of a binding's fields."""

    orderEntity: dict[str, Any]

    @property
    def text(self) -> str:
        """A table of the fields."""
        return field_table(self.orderEntity)


class ItemsResult(Listing):
    """CRM objects, with the fields that were selected."""

    noun = "objects"
    items: list[dict[str, Any]]
    _lacking: list[str] = PrivateAttr(default_factory=list[str])

    @field_serializer("items", when_used="json")
    def _numbers(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{name: _json(value) for name, value in item.items()} for item in items]

    def lacking(self, names: list[str]) -> Self:
        """The same result, whose text says that these fields were asked for and that no object came with them."""
        self._lacking = names
        return self

    @property
    def text(self) -> str:
        """A table of the objects."""
        header = list(dict.fromkeys(key for item in self.items for key in item))
        lines = [self._summary(len(self.items))]
        if self._lacking:
            lines.append(f"no object has a field {', '.join(map(line, self._lacking))}")
        if header:
            lines.append(table(header, [[item.get(key) for key in header] for item in self.items]))
        return "\n".join(lines)


def _json(value: object) -> object:
    """What the portal sent, with its decimals as JSON numbers."""
    if isinstance(value, Decimal):
        return json_number(value)
    if isinstance(value, dict):
        return {key: _json(each) for key, each in cast("dict[str, object]", value).items()}
    return [_json(each) for each in cast("list[object]", value)] if isinstance(value, list) else value


def field_table(fields: dict[str, Any]) -> str:
    """Fields with their type and what can be done with them."""
    flags = (("isRequired", "required"), ("isReadOnly", "read-only"), ("isImmutable", "immutable"))
    rows: list[tuple[object, ...]] = []
    for name, description in fields.items():
        notes = [word for key, word in flags if description.get(key)]
        rows.append((name, description.get("type", ""), " ".join(notes), description.get("title", "")))
    return table(("field", "type", "write", "title"), rows)
