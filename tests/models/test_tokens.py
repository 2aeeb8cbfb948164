"""Tokenizing a whole once gives the tokens and the place of the answer that tokenizing prompt and whole gives."""

import pytest

transformers = pytest.importorskip("transformers", reason="no transformers here; make test-models brings it")

from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, trainers  # noqa: E402

from tasks.model.finetune.data import text  # noqa: E402
from tasks.model.finetune.tokens import Encoder, common  # noqa: E402

pytestmark = pytest.mark.filterwarnings("default")

WORDS = [
    "Say yes or no.",
    "  spaces  at the end  ",
    "line\n\n",
    "é e\u0301 ﬁ",
    "",
    "yes",
    "<s>",
    "x<end>y",
    "[A]no",
    "\tno ",
]
SAMPLES = [{"instruction": "Say.", "input": one, "output": other} for one in WORDS for other in WORDS]

SPECIALS = {
    "plain": AddedToken("[A]", special=True, normalized=False),
    "takes the spaces after it": AddedToken("[A]", special=True, normalized=False, rstrip=True),
    "takes the spaces before it": AddedToken("[A]", special=True, normalized=False, lstrip=True),
    "alone only": AddedToken("[A]", special=True, normalized=False, single_word=True),
    "normalized": AddedToken("[A]", special=True, normalized=True),
}
SPLITS = {
    "bytes": pre_tokenizers.ByteLevel(add_prefix_space=False),
    "bytes after a space": pre_tokenizers.ByteLevel(add_prefix_space=True),
    "words": pre_tokenizers.Metaspace(prepend_scheme="first"),
    "nowhere": None,
}
TURNS = "{% for turn in messages %}[{{ turn.role }}]{{ turn.content }}<end>\n{% endfor %}"
TEMPLATES = {
    "none": None,
    "ends in a special token": TURNS + "{% if add_generation_prompt %}[A]{% endif %}",
    "ends in text": TURNS.replace("[{{ turn.role }}]", "[A]{{ turn.role }}\n")
    + "{% if add_generation_prompt %}[A]assistant\n{% endif %}",
    "adds thoughts to the prompt": TURNS.replace("[{{ turn.role }}]", "[A] {{ turn.role }} ")
    + "{% if add_generation_prompt %}[A] assistant <s>{% endif %}",
    "closes the beginning": "<s>{% for turn in messages %}[A] {{ turn.content }} [A]{% endfor %}",
}


def tokenizer(special: AddedToken, split: object, template: str | None):
    made = Tokenizer(models.BPE(unk_token="<s>"))
    made.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    if split is not None:
        made.pre_tokenizer = split
    fixed = [AddedToken(name, special=True, normalized=False) for name in ("<s>", "<end>")]
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=[*fixed, special],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator([f"{word} assistant user" for word in WORDS], trainer)
    found = transformers.PreTrainedTokenizerFast(tokenizer_object=made, eos_token="<end>", bos_token="<s>")
    found.chat_template = template
    return found


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("special", SPECIALS)
def test_a_whole_tokenized_once_has_its_answer_where_trl_finds_it(special: str, split: str, template: str) -> None:
    made = tokenizer(SPECIALS[special], SPLITS[split], TEMPLATES[template])
    texts = [text(sample, made) for sample in SAMPLES]
    begun = bool(TEMPLATES[template])
    prompts, wholes = (
        made(list(column), add_special_tokens=not begun)["input_ids"] for column in zip(*texts, strict=True)
    )
    rows = list(Encoder(made).rows(texts))
    assert [row.ids for row in rows] == wholes
    assert [row.answer for row in rows] == [common(*both) for both in zip(prompts, wholes, strict=True)]


def test_only_the_end_of_a_prompt_is_tokenized_again() -> None:
    made = tokenizer(SPECIALS["plain"], SPLITS["bytes"], TEMPLATES["ends in text"])
    encoder, asked = Encoder(made), []
    tokens = encoder._tokens
    encoder._tokens = lambda texts: asked.append(texts) or tokens(texts)  # pyright: ignore[reportAttributeAccessIssue]
    samples = [sample for sample in SAMPLES if "[A]" not in sample["output"]]
    list(encoder.rows([text(sample, made) for sample in samples]))
    assert len(asked[0]) == len(samples)
    assert asked[1] == ["[A]assistant\n"]


def test_tokens_in_common_are_counted() -> None:
    assert common([1, 2], [1, 2, 3]) == 2
    assert common([1, 2, 3], [1, 2]) == 2
    assert common([1, 4, 3], [1, 2, 3]) == 1
    assert common([], [1]) == 0
