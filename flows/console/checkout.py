"""The checkout, which the commands that read or write declarations need."""

from pathlib import Path

from schemas.errors import MedinstError

_HOME = Path(__file__).parents[2]


def is_checkout(home: Path = _HOME) -> bool:
    """Whether the program lies in a checkout, and was not installed from a wheel."""
    return (home / "pyproject.toml").is_file()


def checkout(command: str, home: Path = _HOME) -> Path:
    """The folder of the checkout.

    Args:
        command: what was asked for, as in `medinst new-source`.
        home: where the program lies.

    Raises:
        MedinstError: the program was installed from a wheel, which holds neither demo/ nor tests/.
    """
    if not is_checkout(home):
        raise MedinstError(
            f"`{command}` works on the declarations of a checkout, but this program is installed in {home}. "
            "Clone the repository, and run there: make demo, then: .venv/bin/" + command
        )
    return home
