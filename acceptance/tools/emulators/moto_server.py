"""Starts moto's server with what it gets wrong of RDS and transit gateways put right.

Every DB instance has a resource id of its own, the members of a cluster go along
when it is renamed, there are option groups for newer engines, and the default
ones can be named, a restored database has no managed password of its own, and
one that takes the name of another takes its host, as RDS documents it. An
attachment of a transit gateway can be seen after it was deleted, as EC2 shows it.
"""

import functools
import secrets
import string
import sys

from moto.ec2.models.transit_gateway_attachments import TransitGatewayAttachmentBackend
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
        return _without_secret(restore(self, source_db_identifier, target_db_identifier, overrides))

    return wrapped


def _without_secret(restored):
    """A restored database has a secret of RDS only once it is asked for."""
    if getattr(restored, "manage_master_user_password", False):
        restored.master_user_secret.delete_secret()
        restored.manage_master_user_password = False
        del restored.master_user_secret
    return restored


def _clusters_without_secret(restore):
    @functools.wraps(restore)
    def wrapped(self, *args, **kwargs):
        return _without_secret(restore(self, *args, **kwargs))

    return wrapped


def _one_domain(init):
    """The hosts of all clusters of an account in a region end in the same name."""

    @functools.wraps(init)
    def wrapped(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self.url_identifier = "c0123456789a"

    return wrapped


models.DBCluster.__init__ = _one_domain(models.DBCluster.__init__)
models.RDSBackend.restore_db_cluster_to_point_in_time = _clusters_without_secret(models.RDSBackend.restore_db_cluster_to_point_in_time)


models.RDSBackend.restore_db_instance_to_point_in_time = _default_option_groups(models.RDSBackend.restore_db_instance_to_point_in_time)
models.RDSBackend.create_option_group = _newer_engines(models.RDSBackend.create_option_group)
def _one_secret(update):
    """Asked again to manage a password that it manages, RDS keeps the secret."""

    @functools.wraps(update)
    def wrapped(self, manage_master_user_password=None, **kwargs):
        if manage_master_user_password and getattr(self, "manage_master_user_password", False):
            manage_master_user_password = None
        update(self, manage_master_user_password=manage_master_user_password, **kwargs)

    return wrapped


def _seen_when_deleted(delete):
    """Whoever deletes an attachment waits until EC2 says that it is deleted."""

    @functools.wraps(delete)
    def wrapped(self, transit_gateway_attachment_id):
        gone = delete(self, transit_gateway_attachment_id)
        self.transit_gateway_attachments[transit_gateway_attachment_id] = gone
        return gone

    return wrapped


TransitGatewayAttachmentBackend.delete_transit_gateway_vpc_attachment = _seen_when_deleted(
    TransitGatewayAttachmentBackend.delete_transit_gateway_vpc_attachment
)
models.DBInstance.update = _one_secret(models.DBInstance.update)
models.DBInstance.__init__ = _own_resource_id(models.DBInstance.__init__)
models.RDSBackend.modify_db_cluster = _members_follow(models.RDSBackend.modify_db_cluster)

if __name__ == "__main__":
    main(sys.argv[1:])
