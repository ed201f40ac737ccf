"""Starts moto's server with what it gets wrong of RDS put right.

Every DB instance has a resource id of its own, the members of a cluster go along
when it is renamed, there are option groups for newer engines, and the default
ones can be named, as the API reference of RDS documents them.
"""

import functools
import secrets
import string
import sys

from moto.rds import models
from moto.server import main


def _own_resource_id(init):
    @functools.wraps(init)
    def wrapped(self, *args, **kwargs):
        init(self, *args, **kwargs)
        letters = string.ascii_uppercase + string.digits
        self.dbi_resource_id = "db-" + "".join(secrets.choice(letters) for _ in range(26))

    return wrapped


def _members_follow(modify):
    @functools.wraps(modify)
    def wrapped(self, kwargs):
        old, new = kwargs["db_cluster_identifier"], kwargs.get("new_db_cluster_identifier")
        answer = modify(self, kwargs)
        if new:
            for instance in self.databases.values():
                if instance.db_cluster_identifier == old:
                    instance.db_cluster_identifier = new
        return answer

    return wrapped


def _newer_engines(create):
    known = {"mysql": "8.0", "mariadb": "10.6"}  # the newest that moto accepts

    @functools.wraps(create)
    def wrapped(self, option_group_kwargs):
        version = option_group_kwargs["major_engine_version"]
        option_group_kwargs["major_engine_version"] = known.get(option_group_kwargs["engine_name"], version)
        group = create(self, option_group_kwargs)
        group.major_engine_version = version
        return group

    return wrapped


def _default_option_groups(restore):
    @functools.wraps(restore)
    def wrapped(self, source_db_identifier, target_db_identifier, overrides):
        if (overrides.get("option_group_name") or "").startswith("default:"):
            overrides = {k: v for k, v in overrides.items() if k != "option_group_name"}
        return restore(self, source_db_identifier, target_db_identifier, overrides)

    return wrapped


models.RDSBackend.restore_db_instance_to_point_in_time = _default_option_groups(models.RDSBackend.restore_db_instance_to_point_in_time)
models.RDSBackend.create_option_group = _newer_engines(models.RDSBackend.create_option_group)
models.DBInstance.__init__ = _own_resource_id(models.DBInstance.__init__)
models.RDSBackend.modify_db_cluster = _members_follow(models.RDSBackend.modify_db_cluster)

if __name__ == "__main__":
    main(sys.argv[1:])
