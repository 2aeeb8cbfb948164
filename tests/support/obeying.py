"""Whether an answer obeys a constraint, as llguidance sees it byte by byte."""

from functools import cache

from llguidance import LLMatcher, LLTokenizer, grammar_from

from medinst_eval.grammar.constraint import Constraint


@cache
def tokenizer() -> LLTokenizer:
    return LLTokenizer("byte")


@cache
def compiled(grammar: str) -> str:
    made = grammar_from("grammar", grammar)
    assert not LLMatcher.validate_grammar(made, tokenizer())
    return made


def obeys(found: Constraint, answer: str) -> bool:
    matcher = LLMatcher(tokenizer(), compiled(found.grammar), log_level=0)
    return matcher.consume_tokens(list(answer.encode())) and matcher.is_accepting()
