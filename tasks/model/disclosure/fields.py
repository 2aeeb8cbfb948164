"""The fields of the summary, after the AI Office's template of July 2025, in our words.

The order and numbers are the template's. A field without a value is one that only the provider of a model can fill: who
it is, what else the model was trained on, and how rights were respected where data was gathered.
"""

from typing import NamedTuple


class Field(NamedTuple):
    """A field.

    Attributes:
        number: in the template.
        title: what is asked for.
        key: names what is known; empty where nothing can be.
        hint: what a provider writes there.
        value: what is said; None: the provider fills it.
    """

    number: str
    title: str
    key: str = ""
    hint: str = ""
    value: str | None = None


class Section(NamedTuple):
    """A section."""

    title: str
    fields: tuple[Field, ...]


SECTIONS = (
    Section(
        "1. General information",
        (
            Field("1.1", "Provider, and its representative in the Union", hint="names and contacts"),
            Field("1.2", "Model and version", "model", "name of every version that the summary covers"),
            Field("1.2", "Model that it was made from", "base", "name and summary of the model, or that there is none"),
            Field("1.2", "Date of placing on the market", hint="the date, for each version"),
            Field("1.3", "Kinds of data", "modality"),
            Field("1.3", "Size of the training data", "size", "the range of tokens, with all other training data"),
            Field("1.3", "Types of content", "content"),
            Field("1.3", "Latest date of collection", hint="month and year, and whether training goes on"),
            Field("1.3", "Languages", "languages"),
        ),
    ),
    Section(
        "2. Sources of the data",
        (
            Field("2.1", "Publicly available datasets", "public", "what the model was trained on beside these"),
            Field("2.2", "Private datasets of third parties", hint="how they were obtained, or that there are none"),
            Field("2.3", "Data crawled from the web", hint="crawlers, period, main domains, or that there is none"),
            Field("2.4", "Data of users", hint="services and kinds of interactions, or that there is none"),
            Field("2.5", "Synthetic data", "synthetic", "the models that made it, or that there is none"),
            Field("2.6", "Other sources", hint="what they are, or that there are none"),
        ),
    ),
    Section(
        "3. Processing of the data",
        (
            Field("3.1", "Respect of reservations of rights", hint="measures before and during collection"),
            Field("3.2", "Removal of illegal content", hint="measures"),
            Field("3.3", "Other processing", "processing"),
        ),
    ),
)  # fmt: skip
