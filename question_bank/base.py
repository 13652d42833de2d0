"""What the shapes of the bank are made of, and the topic tree: all that a start needs of them. The questions stand in `models`."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,47}$")]
Text = Annotated[str, Field(min_length=1)]


class Model(BaseModel):
    """Frozen, strict, no unknown keys."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, defer_build=True
    )  # a list of questions needs no validator


class Topic(Model):
    """A branch of the topic tree; `prerequisites` are topic ids."""

    id: Identifier
    title: Text
    prerequisites: tuple[Identifier, ...] = ()
