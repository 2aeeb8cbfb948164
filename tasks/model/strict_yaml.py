"""YAML as people write it in recipes: no key twice, and no aliases, which can say much with few characters."""

from collections import Counter
from typing import Any

import yaml
from yaml.composer import ComposerError
from yaml.constructor import ConstructorError


class _Strict(yaml.SafeLoader):
    """A loader that refuses what is more likely a mistake, or an attack, than meant."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Refuse an alias."""
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()
            raise ComposerError(
                None, None, f"expected a value, found the alias *{event.anchor}; write it out", event.start_mark
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Refuse a key that comes twice."""
        keys = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
        for key, times in keys.items():
            if times > 1:
                raise ConstructorError(None, None, f"the key `{key}` comes twice", node.start_mark)
        return super().construct_mapping(node, deep)


def load(text: str) -> Any:
    """The value that a text says.

    Raises:
        ValueError: it is not YAML of this kind; the message has line and column.
    """
    try:
        return yaml.load(text, _Strict)  # noqa: S506  it is a safe loader
    except RecursionError as error:
        raise ValueError("expected a few levels, one in the other, found too many") from error
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from error
