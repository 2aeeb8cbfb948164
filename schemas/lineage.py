"""Settings of OpenLineage from the environment, all of them with the prefix `OPENLINEAGE_`."""

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class LineageSettings(BaseSettings):
    """Who is told of builds by OpenLineage, by the variables that its own clients read.

    Attributes:
        url: address of the receiver; None: nobody is told (`OPENLINEAGE_URL`).
        endpoint: path there (`OPENLINEAGE_ENDPOINT`).
        api_key: sent as a bearer token; a secret (`OPENLINEAGE_API_KEY`).
        namespace: that of the job and of what it makes (`OPENLINEAGE_NAMESPACE`).
        disabled: `true`: tell nobody, whatever the address (`OPENLINEAGE_DISABLED`).
    """

    model_config = SettingsConfigDict(env_prefix="OPENLINEAGE_", frozen=True, env_ignore_empty=True)

    url: str | None = None
    endpoint: str = "api/v1/lineage"
    api_key: SecretStr | None = None
    namespace: str = "medinst"
    disabled: str = ""
