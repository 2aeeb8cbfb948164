"""Addresses with secrets are refused wherever one is given, and the message does not repeat the secret."""

import pytest
from pydantic import ValidationError

from schemas.address import secret_in, without_secrets
from schemas.errors import DeclarationError
from schemas.evaluation import Asking
from sources import registry
from tasks.base.store.root import Root
from tasks.build.builds.order import make_order
from tasks.model.evaluate.backends import backend

SECRETS = [
    "https://someone:hush@example.org/data",
    "https://hush@example.org/data",
    "s3://KEY:hush@bucket/prefix",
    "https://example.org/data?token=hush",
    "https://example.org/data?a=1&access_token=hush",
    "https://example.org/data?sig=hush&se=2027",
    "https://example.org/data?X-Amz-Signature=hush",
    "https://example.org/data?X-Amz-Credential=hush",
    "https://example.org/data?AWSAccessKeyId=hush",
    "https://example.org/data?API_KEY=hush",
    "https://example.org/data?%74oken=hush",
    "https://example.org/data#access_token=hush",
    "simplecache::https://someone:hush@example.org/data",
    "zip://x::https://example.org/data.zip?token=hush",
]
PLAIN = [
    "data",
    "a folder/at home@2?key=1",
    "file:///home/me@work/data",
    "s3://bucket/prefix",
    "https://example.org/data?id=1&export=download",
    "https://example.org/download?monkey=1",
    "http://localhost:8000/v1",
]
DOORS = {
    "root": Root,
    "mirror": lambda url: make_order(mirrors=[url]),
    "endpoint": lambda url: backend(Asking(model="m"), url, 1),
}


@pytest.mark.parametrize("url", SECRETS)
@pytest.mark.parametrize("door", DOORS)
def test_a_secret_is_refused_and_not_repeated(door: str, url: str) -> None:
    with pytest.raises(DeclarationError, match=r"expected no credentials.*MEDINST_API_KEY") as refused:
        DOORS[door](url)
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize("url", SECRETS)
def test_no_source_declares_one(url: str) -> None:
    source = registry()["mqp"]
    said = {name: getattr(source, name) for name in type(source).model_fields} | {
        "files": dict.fromkeys(source.files, url)
    }
    with pytest.raises(ValidationError, match=r"an address of mqp holds .*netrc") as refused:
        type(source).model_validate(said)
    assert "hush" not in refused.value.errors()[0]["msg"]


@pytest.mark.parametrize("url", PLAIN)
def test_other_addresses_pass(url: str) -> None:
    assert not secret_in(url)
    assert without_secrets(url) == url
