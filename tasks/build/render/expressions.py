"""The bracketed items of answers as Polars expressions."""

from functools import partial

import polars as pl

from medinst_eval.grammar import brackets


def quoted(text: pl.Expr, apart: str = "") -> pl.Expr:
    """Texts as `brackets.quoted` writes them; an empty text becomes null. It is called only for special characters."""
    plain = on_one_line(text)
    careful = plain.map_batches(partial(_quote, apart), return_dtype=pl.String, is_elementwise=True)
    return pl.when(plain != "").then(careful)


def on_one_line(text: pl.Expr) -> pl.Expr:
    """Texts with every run of what Python calls white space as one space."""
    return text.str.replace_all(r"[\s\x1c-\x1f]+", " ").str.strip_chars()


def _quote(apart: str, texts: pl.Series) -> pl.Series:
    special = texts.str.contains(r"[\[\]\\]").fill_null(False)
    if apart:
        special |= texts.str.contains(apart, literal=True).fill_null(False)
    if not special.any():
        return texts
    written = [brackets.quoted(text, apart) for text in texts.filter(special)]
    return texts.scatter(special.arg_true(), written)


def quoted_list(texts: pl.Expr) -> pl.Expr:
    """Lists of texts, each quoted."""
    return texts.list.eval(quoted(pl.element()))


def bracketed(mention: pl.Expr, type_: pl.Expr) -> pl.Expr:
    """Items `[mention <type>]`, of texts that are quoted."""
    return pl.concat_str(pl.lit("["), mention, pl.lit(" <"), type_, pl.lit(">]"))


def triple(first: pl.Expr, second: pl.Expr, third: pl.Expr) -> pl.Expr:
    """Items `[<first> <second> <third>]`, of texts that are quoted."""
    return pl.concat_str(pl.lit("[<"), first, pl.lit("> <"), second, pl.lit("> <"), third, pl.lit(">]"))
