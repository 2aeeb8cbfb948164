"""`medinst`, also as `python -m flows`."""

from flows.console.interrupts import leave_at_once


def main() -> None:
    """Run a command. Until it begins, Ctrl-C and SIGTERM have nothing to save."""
    leave_at_once()
    from flows.cli import app

    app()


if __name__ == "__main__":
    main()
