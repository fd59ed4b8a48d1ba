"""The environment every part of Gerai runs in: where the data lie and which database it is."""

import os
from pathlib import Path

from gerai.config.postgres import APP, OWNER, Cluster, default_data

DEFAULT_PORT = "8000"


def prepare() -> Cluster | None:
    """
    Fill what the environment leaves open. Returns our own cluster, not started; None with a system server.

    A system server is named by DATABASE_URL, and by DATABASE_OWNER_URL if another role owns the tables.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gerai.config.settings")
    os.environ.setdefault("GERAI_PORT", DEFAULT_PORT)
    data = Path(os.environ.setdefault("GERAI_DATA", str(default_data()))).absolute()
    os.environ["GERAI_DATA"] = str(data)
    if os.environ.get("DATABASE_URL"):
        data.mkdir(parents=True, exist_ok=True)
        os.environ.setdefault("DATABASE_OWNER_URL", os.environ["DATABASE_URL"])
        return None
    cluster = Cluster(data)
    os.environ["DATABASE_URL"] = cluster.url(APP)
    os.environ["DATABASE_OWNER_URL"] = cluster.url(OWNER)
    return cluster
