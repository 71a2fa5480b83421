"""The scene: what a step of the story says in large type."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scene:
    """A title, and a paragraph under it; neither is escaped."""

    title: str
    text: str
