"""Texts as tokens, or as sentences with labels."""

from typing import ClassVar, Literal

from schemas.formats.base import Format


class PlacedTokens(Format):
    """One line per token: token, place, mention that begins there, tag, separated by tabs; documents begin with `###`.

    A tag is `|O`, `|B-<type>` or `|I-<type>`. Where the file has no token the text has a space, or what a mention says
    that stands there. A mention that begins with a space begins one character too early, and so does a word that stands
    close behind another and has two spaces after it. A mention whose token has the tag `|O` has the type `O`.

    Attributes:
        unit: what the offsets count: characters, or the bytes of the declared encoding, which may then be split.
    """

    unit: Literal["characters", "bytes"] = "characters"


class Iob(Format):
    """One token and its tag a line, separated by a tab; an empty line ends a sentence.

    The tags of a record are those of IOB2: an entity begins with `B-<type>`, also where the file says `I-<type>`.

    Attributes:
        document: the token of lines that mark where a document begins; they are not words of a sentence.
    """

    parsed_in_python: ClassVar[bool] = False

    document: str | None = "-DOCSTART-"

    @property
    def kind(self) -> str:
        """IOB files hold sentences."""
        return "Sentence"


class Tagged(Format):
    """One token and its tag a line, as in `Iob`; a sentence becomes a document, its tokens joined by spaces.

    Attributes:
        document: the token of lines that mark where a document begins; they are not words of a sentence.
    """

    document: str | None = "-DOCSTART-"


class LabelledSentences(Format):
    """Files with one sentence a line, and files of the same names with the labels of their sentences.

    The roles of the files are `texts`, `labels` and `documents`: the list of the files that belong to the split, their
    names separated by commas or line ends.

    Attributes:
        begins: what begins the labels of each sentence.
        between: what separates several labels of one sentence.
        deeper: what separates a label from those below it in their hierarchy, which are left out.
        nothing: labels that mean none.
        none: the label of a sentence without any.
    """

    begins: str
    between: str
    deeper: str
    nothing: tuple[str, ...] = ("",)
    none: str = "none"

    @property
    def kind(self) -> str:
        """A sentence is a text."""
        return "Text"


class TokenLabels(Format):
    """Files with one token a line, and for each layer of annotation files with one code a line, 0 for none.

    The roles of the files are `tokens` and the names of the layers. What a file is called up to its first dot is the
    document's id. A document belongs to the split if one of the layers has a file of it. Its text is its tokens joined
    by blanks; tokens with the same code that stand side by side are one entity.

    Attributes:
        types: layer -> code -> type of the entity.
        folder: folder of the files that hold codes; files in others only say what belongs to the split.
    """

    types: dict[str, dict[str, str]]
    folder: str


class JsonTags(Format):
    """JSON lines of texts with their words and a tag for each: B-type, I-type or O.

    The texts have no ids: they are numbered, after the name of their file.

    Attributes:
        text: key of the text.
        words: key of the list of its words, which need not have all of it.
        tags: key of the list of their tags.
    """

    text: str = "text"
    words: str = "words"
    tags: str = "labels"


class TokenVotes(Format):
    """JSON objects of sentences, and for each layer of annotation what several people said of each token, 1 or 0.

    The roles of the files are `sentences`, their texts by id, and the names of the layers. Spaces separate
    tokens. Those that more than half of the people chose and that stand side by side are one entity.

    Attributes:
        types: layer -> type of its entities.
        votes: key of the lists of ones and zeros, one list a person.
    """

    types: dict[str, str]
    votes: str


class TokenSpans(Format):
    """Sentences of tokens, one a line, and a table of mentions that gives the numbers of their tokens.

    The roles of the files are `sentences` (`@@id token/TAG token/TAG …`) and `mentions` (`@@id|first last|mention`, the
    numbers from 0 and both inclusive). A sentence's text is its tokens joined by spaces.

    Attributes:
        type: the type of all mentions.
    """

    type: str
