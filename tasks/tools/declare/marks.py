"""Parts of written pages that a program writes, each between two marks."""


def between(page: str, begin: str, end: str, text: str) -> str:
    """A page with a text between two marks, in the place of what stood there.

    Raises:
        ValueError: the page lacks a mark.
    """
    before, _, rest = page.partition(begin)
    _, mark, after = rest.partition(end)
    if not mark:
        raise ValueError(f"The page lacks `{begin}` or `{end}`")
    return f"{before}{begin}\n\n{text}\n{end}{after}"
