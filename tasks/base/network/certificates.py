"""Which certificates are believed: those of certifi and of this machine, or those that the user names instead.

SSL_CERT_FILE, else REQUESTS_CA_BUNDLE, names a file with certificates and SSL_CERT_DIR a folder of them, as OpenSSL,
httpx and requests read them. Whoever sets one says that no others are to be believed.
"""

import os
import ssl
from functools import cache
from pathlib import Path

import certifi

from schemas.errors import NetworkError

_FILES, _FOLDERS = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"), ("SSL_CERT_DIR",)


def certificates() -> ssl.SSLContext:
    """The context for connections to servers, made once for the same variables.

    Raises:
        NetworkError: a variable names what is not there, or holds no certificate.
    """
    return _context(_named(_FILES), _named(_FOLDERS))


def _named(variables: tuple[str, ...]) -> tuple[str, str]:
    """The first variable that is set, and what it says."""
    return next(((name, said) for name in variables if (said := os.environ.get(name))), ("", ""))


@cache
def _context(file: tuple[str, str], folder: tuple[str, str]) -> ssl.SSLContext:  # 0.2 s each
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if not (file[1] or folder[1]):
        context.load_default_certs()
        context.load_verify_locations(certifi.where())
        return context
    for (name, path), is_there in ((file, Path.exists), (folder, Path.is_dir)):
        if path and not is_there(Path(path)):
            raise NetworkError(f"{name}={path}: expected certificates, found nothing there. Correct or unset {name}.")
    if Path(file[1] or ".").is_dir():  # which requests allows
        file, folder = ("", ""), file
    try:
        context.load_verify_locations(cafile=file[1] or None, capath=folder[1] or None)
    except (ssl.SSLError, OSError) as error:
        raise NetworkError(
            f"{file[0]}={file[1]}: expected certificates in PEM form, found {error}. Correct or unset {file[0]}."
        ) from error
    return context
