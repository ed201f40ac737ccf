part "datastores" {
  summary = "Databases and caches, how clients log in to them, and how people reach them."

  # Needs the parts network and operations. The blueprint declares the variables name, log_retention_days, deletion_protection and disposable.

  parameter "client_security_group_id" {
    description = "Security group of the application, which may connect."
  }

  parameter "client_role_name" {
    description = "Role of the application, which may get login tokens for the cache."
  }
}

option "database" {
  type        = string
  one_of      = ["aurora-mysql", "aurora-postgresql", "mysql", "postgresql", "mariadb", "none"]
  default     = "aurora-mysql"
  description = "Database engine: an edition of Aurora (a cluster), a non-Aurora engine (an instance, cheaper but slower to fail over), or none."
  why         = "Aurora fails over fastest, and the notes set the parameters of MySQL"
}

option "reader_endpoint" {
  type        = bool
  default     = false
  when        = startswith(option.database, "aurora-") # a standby outside Aurora cannot be read
  description = "Also give the application the Aurora reader endpoint, as DB_READER_HOST; connections to readers drop during patching."
  notes       = ["aurora.zdp-avoid-reader-endpoint"]
}

option "database_auth" {
  type        = string
  one_of      = ["iam", "secret", "own"]
  default     = "iam"
  description = "How the application logs in to its database: as the user app with short-lived IAM tokens (iam), with a password that someone stores in Parameter Store once (secret), or in its own way (own)."
  why         = "there is no stored password that could leak, and no task waits for someone to store one; choose secret for frameworks that cannot create tokens"
}

option "database_proxy" {
  type        = bool
  default     = false
  when        = contains(["aurora-mysql", "aurora-postgresql", "mysql", "postgresql"], option.database) # MariaDB has not been tested
  description = "Connect to the database through RDS Proxy, which lets tasks share connections and keeps them open during a failover."
  why         = "it costs about as much as a small instance, and a pool in each task is enough until connections run out"

  validation {
    condition     = !option.database_proxy || option.database_auth != "own"
    error_message = "database_proxy needs database_auth = \"iam\" or \"secret\": the proxy logs in to the database itself, and only as users it has credentials for."
  }

  validation {
    condition     = !option.database_proxy || option.database_auth != "iam" || option.aws_provider == "6"
    error_message = "database_proxy with database_auth = \"iam\" needs aws_provider = \"6\": version 5 of the AWS provider only supports proxies that log in with passwords. Alternatively, set database_auth = \"secret\"."
  }
}

option "bastion" {
  type        = bool
  default     = false
  when        = option.database != "none"
  description = "Create a bastion, a small instance through which people reach the database with Session Manager; it has no public address and no SSH."
  why         = "with execute_command a tunnel through a task does the same, and there is no server to maintain"
}

option "cache" {
  type        = string
  one_of      = ["redis", "valkey", "none"]
  default     = "redis"
  description = "Engine of the ElastiCache replication group, or none."
  notes       = ["elasticache-redis.engine"]
}

option "cache_cluster_mode" {
  type        = bool
  default     = false
  when        = option.cache != "none"
  description = "Spread the cache's keys over several shards; the application's client must support the cluster protocol."
  why         = "one shard is enough for sessions"
}

option "cache_auth" {
  type        = string
  one_of      = ["network", "iam"]
  default     = "network"
  when        = option.cache != "none"
  description = "How cache clients are authorised: by security group only (network), or also with short-lived IAM tokens of the task role (iam)."
  why         = "most session libraries cannot create tokens; a fixed password would end up in a file or in the state"
}

option "cache_import" {
  type        = bool
  default     = false
  when        = option.cache != "none"
  description = "Create the cache from a snapshot, to take over the sessions of another cache."
  why         = "a new system has nothing to import"
}

variable "maintenance_window" {
  description = "Weekly maintenance window of the data stores, in UTC and outside the weekend in ${option.home}."
  type        = string
  default     = home_weekly_window(option.home, "tue", "03:00", 60) # why: early on Tuesday, when users are asleep and few connections are open
  nullable    = false

  validation {
    condition     = alltrue([for moment in split("-", var.maintenance_window) : can(regex(home_weekday_pattern(option.home), moment))]) # notes: rds.maintenance-window-not-weekend, rds.maintenance-window-utc
    error_message = "The window must look like ${home_weekly_window(option.home, "tue", "03:00", 60)}, in UTC, and be outside the weekend in ${option.home}, which is ${home_weekend(option.home).from} to ${home_weekend(option.home).to} in UTC."
  }

  validation {
    condition     = try(substr(var.maintenance_window, 0, 3) == substr(var.maintenance_window, 10, 3) && replace(substr(var.maintenance_window, 14, 5), ":", "") - replace(substr(var.maintenance_window, 4, 5), ":", "") >= 100, false)
    error_message = "The window must start and end on the same day in UTC and last at least an hour, as ElastiCache requires."
  }
}

variable "database_backup_window" {
  description = "Daily backup window of the database in UTC, at least half an hour, outside the maintenance window."
  type        = string
  default     = home_daily_window(option.home, "01:00", 30) # why: at night where the users are, well before the maintenance window
  nullable    = false
}

component "database" {
  with = {
    name                     = var.name
    vpc_id                   = component.network.vpc_id
    subnet_ids               = component.network.datastore_subnet_ids
    client_security_group_id = part.client_security_group_id
    backup_retention_days    = 7
    maintenance_window       = var.maintenance_window
    backup_window            = var.database_backup_window
    time_zone                = endswith(option.database, "postgresql") ? option.home : home_mysql_time_zone(option.home)
    deletion_protection      = var.deletion_protection
    disposable               = var.disposable
    login                    = option.database_auth
    proxy                    = option.database_proxy
    log_retention_days       = var.log_retention_days
  }

  use "database" {
    when = startswith(option.database, "aurora-")
    with = { engine = option.database, reader_endpoint = option.reader_endpoint }
  }

  use "database-instance" {
    when = contains(["mysql", "postgresql", "mariadb"], option.database)
    with = { engine = option.database == "postgresql" ? "postgres" : option.database }

    # Their default versions differ from Aurora's.
    expose = {
      mysql_version      = "database_instance_mysql_version"
      postgresql_version = "database_instance_postgresql_version"
      mariadb_version    = "database_instance_mariadb_version"
    }
  }
}

component "database_proxy" {
  template = "database-proxy"
  file     = "database-proxy.tf"
  when     = option.database_proxy
  with = {
    name                       = var.name
    engine_family              = endswith(option.database, "postgresql") ? "POSTGRESQL" : "MYSQL"
    cluster_identifier         = startswith(option.database, "aurora-") ? component.database.identifier : null
    instance_identifier        = startswith(option.database, "aurora-") ? null : component.database.identifier
    prerequisites              = startswith(option.database, "aurora-") ? component.database.instance_ids : []
    database_security_group_id = component.database.security_group_id
    client_security_group_id   = part.client_security_group_id
    port                       = component.database.port
    vpc_id                     = component.network.vpc_id
    subnet_ids                 = component.network.datastore_subnet_ids
    login                      = option.database_auth
    database_resource_id       = option.database_auth != "iam" ? null : component.database.resource_id
    database_user              = option.database_auth != "iam" ? null : component.database.application_user
    reader_endpoint            = option.reader_endpoint
    log_retention_days         = var.log_retention_days
    aws_provider               = option.aws_provider
  }
}

component "bastion" {
  template = "bastion"
  when     = option.bastion
  with = {
    name                       = var.name
    vpc_id                     = component.network.vpc_id
    subnet_ids                 = component.network.app_subnet_ids
    outbound                   = option.outbound
    given_network              = option.network == "existing"
    endpoint_security_group_id = option.outbound == "nat-gateway" ? null : component.network.endpoint_security_group_id
    database_security_group_id = component.database.security_group_id
    port                       = component.database.port

    prerequisites = [
      component.network.app_route_table_association_ids,
      option.outbound == "vpc-endpoints" ? [] : component.network.app_route_ids,
      component.network.interface_endpoint_ids,
      component.network.endpoint_rule_ids,
    ]
  }
}

# Separate from the other alarms: it says nothing about the application.
component "bastion_monitoring" {
  template = "alarms"
  file     = "monitoring.tf"
  prefix   = "monitoring_bastion"
  when     = option.alarms && option.bastion
  with = {
    name            = "${var.name}-bastion"
    description     = "People cannot reach the database: runbooks/bastion-connect.md"
    alarms          = [component.bastion.alarms]
    thresholds      = var.alarm_thresholds
    topic_arn       = component.alarm_topic.arn
    subjects        = []
    deployment_keys = []
  }
}

component "cache" {
  template = "cache"
  when     = option.cache != "none"
  with = {
    name                     = var.name
    engine                   = option.cache
    vpc_id                   = component.network.vpc_id
    subnet_ids               = component.network.datastore_subnet_ids
    client_security_group_id = part.client_security_group_id
    client_role_name         = option.cache_auth == "iam" ? part.client_role_name : null
    redis_version            = "7.1"
    valkey_version           = "8.2"
    cluster_mode             = option.cache_cluster_mode
    iam_authentication       = option.cache_auth == "iam"
    import                   = option.cache_import
    maintenance_window       = var.maintenance_window
    snapshot_window          = home_daily_window(option.home, "01:00", 60)
    log_retention_days       = var.log_retention_days
  }
}

output "database_endpoint" {
  description = "Host of the database's writer."
  value       = component.database.endpoint
  when        = option.database != "none"
}

output "database_identifier" {
  description = "Identifier of the database, used in its runbooks."
  value       = component.database.identifier
  when        = option.database != "none"
}

output "database_secret_arn" {
  description = "Secret that contains the database's master password."
  value       = component.database.master_user_secret_arn
  when        = option.database != "none"
}

output "database_reader_endpoint" {
  description = "Host that distributes reads across the database's readers."
  value       = component.database.reader_endpoint
  when        = option.reader_endpoint
}

output "database_proxy_endpoint" {
  description = "Host of the database's proxy, where the application connects."
  value       = component.database_proxy.endpoint
  when        = option.database_proxy
}

output "bastion_instance_id" {
  description = "Instance through which people open a tunnel to the database."
  value       = component.bastion.instance_id
  when        = option.bastion
}

output "bastion_connect_policy_arn" {
  description = "Policy for people who open a tunnel to the database."
  value       = component.bastion.connect_policy_arn
  when        = option.bastion
}

output "cache_endpoint" {
  description = "Host of the cache's primary, or of its cluster."
  value       = component.cache.primary_endpoint
  when        = option.cache != "none"
}

deviation "database-by-security-group" {
  notes    = ["aurora.cluster-security-group"]
  when     = option.database != "none"
  rendered = "The database allows the service's security group."
  reason   = "Task addresses change with every deployment; the notes themselves prefer a security group in that case."
  restore  = "Replace referenced_security_group_id with cidr_ipv4 in the rule of the database."
}

deviation "database-instance-class" {
  notes    = ["aurora.burstable-instance-class"]
  when     = option.database != "none"
  profile  = "prd"
  rendered = "envs/prd.tfvars chooses db.r7g.large; the default stays burstable."
  reason   = "AWS recommends the burstable classes for development and test only."
  restore  = "Set the class of database_size to db.t4g.medium in envs/prd.tfvars."
}

deviation "database-statements-not-logged" {
  notes    = ["aurora.param-general-log"]
  when     = contains(["aurora-mysql", "mysql", "mariadb"], option.database)
  profile  = "prd"
  rendered = "envs/prd.tfvars turns the general log off; the default keeps it on."
  reason   = "It contains every value, including personal data and passwords, slows the writer, and is billed by the GB."
  restore  = "Set database_log_statements = true in envs/prd.tfvars."
}

deviation "database-password-managed" {
  notes    = ["aurora.master-password"]
  when     = option.database != "none"
  rendered = "Secrets Manager generates and rotates the master password."
  reason   = "A password set by the user would be stored in the state."
  restore  = "Set master_password_wo and its version instead of manage_master_user_password."
}

deviation "database-dynamic-parameters" {
  notes    = ["aurora.parameter-apply-type"]
  when     = option.database != "none"
  rendered = "Dynamic parameters are applied at once."
  reason   = "The notes have it backwards: static parameters need a restart, dynamic ones do not."
  restore  = "Nothing to restore; set apply_method to pending-reboot for static parameters."
}

deviation "master-user-fixed" {
  notes    = ["aurora.master-username"]
  when     = option.database != "none"
  rendered = "The master user is called dbadmin."
  reason   = "It is only used to create other users, and the name cannot be changed afterwards."
  restore  = "Set another master_username before the first apply."
}
