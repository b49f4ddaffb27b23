"""What tools give: structured content with its schema, and a short text for the model.

REST's own keys are kept where it has them; a bare id, list or `true` gets one (design §3). Fields that the portal did
not send are left out, not invented.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from ..rest.records import OrderBinding
from .tables import table


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

    @property
    def text(self) -> str:
        """A table of the objects."""
        header = list(dict.fromkeys(key for item in self.items for key in item))
        head = self._summary(len(self.items))
        return (
            f"{head}\n{table(header, [[item.get(key) for key in header] for item in self.items])}"
            if self.items
            else head
        )


def field_table(fields: dict[str, Any]) -> str:
    """Fields with their type and what can be done with them."""
    flags = (("isRequired", "required"), ("isReadOnly", "read-only"), ("isImmutable", "immutable"))
    rows: list[tuple[object, ...]] = []
    for name, description in fields.items():
        notes = [word for key, word in flags if description.get(key)]
        rows.append((name, description.get("type", ""), " ".join(notes), description.get("title", "")))
    return table(("field", "type", "", "title"), rows)
