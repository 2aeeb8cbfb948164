"""Whether a place can be written to, found out before anything is begun."""

from pathlib import Path

from schemas.errors import PublishError
from tasks.base.store.root import Root


def refuse_unwritable(root: Root) -> None:
    """Refuse a folder that cannot be written to, or a bucket that is not there.

    Raises:
        PublishError: the folder cannot be written to, or the bucket does not exist.
    """
    try:
        _try(root)
    except (OSError, ValueError, ImportError) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise PublishError(f"{root.url} cannot be written to: {reason}. Name another place.", place=root.url) from error
    except Exception as error:
        # Credentials that are missing are errors of the bucket's own library, which need not be installed.
        if type(error).__module__.partition(".")[0] not in ("botocore", "aiobotocore", "google", "azure"):
            raise
        raise PublishError(f"{root.url} cannot be used: {error}. Check the credentials.", place=root.url) from error


def _try(root: Root) -> None:
    if root.is_local:
        Path(root.url).mkdir(parents=True, exist_ok=True)
        mark = Path(root.url, ".writable")
        mark.touch()
        mark.unlink()
    elif root.url.startswith("s3://"):
        bucket = root.url.removeprefix("s3://").split("/")[0]
        root.fs.invalidate_cache()
        root.fs.ls(bucket, detail=False)
