"""A client of the Docker engine, for what one question over its socket does not answer."""

from typing import TYPE_CHECKING

from mlc.diagnostics import NOWHERE, fail
from mlc.images.engine import Endpoint
from mlc.images.words import capital

if TYPE_CHECKING:
    from docker import DockerClient

API_SECONDS = 600
"""The engine may unpack an image before it answers."""


def connect(endpoint: Endpoint) -> "DockerClient":
    """A client of the engine; ``MlcError`` E652 if the connection cannot be made.

    The library reads Docker's configuration, and fails as Python does where that is not what it expects.
    """
    import docker
    from docker.errors import DockerException
    from docker.tls import TLSConfig

    tls: TLSConfig | bool = False
    try:
        if (folder := endpoint.certificates) is not None:
            pair = (str(folder / "cert.pem"), str(folder / "key.pem"))
            tls = TLSConfig(client_cert=pair, ca_cert=str(folder / "ca.pem"), verify=True)
        ssh = endpoint.scheme == "ssh"
        return docker.DockerClient(base_url=endpoint.url, tls=tls, timeout=API_SECONDS, use_ssh_client=ssh)
    except (DockerException, OSError) as error:
        raise fail("E652", NOWHERE, "The Docker engine cannot be reached", why=capital(str(error))) from error
    except (AttributeError, TypeError, ValueError, KeyError) as error:
        what, why = "Docker's configuration cannot be read", "Its config.json is not built as Docker's are"
        fix = "Look at that file in ~/.docker, or in $DOCKER_CONFIG"
        raise fail("E652", NOWHERE, what, why=why, fix=fix) from error
