proof "rds.engine-version-cluster-wide" {
  every "aws_rds_cluster" {
    engine_version = set()
  }

  every "aws_rds_cluster_instance" {
    engine_version = absent()
  }
}

# The hour is an input: the metric shows when there are few users.
proof "rds.maintenance-window-low-connections" {
  every "aws_rds_cluster" {
    preferred_maintenance_window = refers_to("var.maintenance_window")
  }

  file "runbooks/database-maintenance.md" {
    matches = "DatabaseConnections"
  }
}

proof "rds.maintenance-window-metric" {
  human "runbooks/database-maintenance.md" {
    heading = "Maintenance window and pending changes"
    says    = "--metric-name DatabaseConnections"
  }
}

proof "rds.maintenance-window-not-weekend" {
  every "aws_rds_cluster" {
    preferred_maintenance_window = matches("^(mon|tue|wed|thu):")
  }

  some "variable" "maintenance_window" {
    validation {
      condition = matches("fri|sat|sun")
    }
  }
}

# The notes' users sleep when it is evening in UTC.
proof "rds.maintenance-window-utc" {
  every "aws_rds_cluster" {
    preferred_maintenance_window = matches("^mon:18:")
  }

  some "variable" "maintenance_window" {
    description = matches("UTC")
  }
}

proof "rds.undo-next-window" {
  human "runbooks/database-maintenance.md" {
    heading = "Pending maintenance: changes by AWS"
    says    = "aws rds apply-pending-maintenance-action .*--opt-in-type undo-opt-in"
  }
}

proof "rds.undo-pending-modification" {
  human "runbooks/database-maintenance.md" {
    heading = "Pending changes: your own changes"
    says    = "aws rds modify-db-instance .*<former class> --apply-immediately"
  }
}

proof "rds.upgrade-investigation-report" {
  file "runbooks/database-upgrade.md" {
    matches = "## Investigation report.*# Investigation.*## Versions.*## What is merged.*## Expected downtime"
  }
}

proof "rds.upgrade-release-notes" {
  duty = "Release notes are read by people."

  human "runbooks/database-upgrade.md" {
    heading = "Investigation report"
    says    = "ReleaseNotes"
  }
}

proof "rds.upgrade-check-sql-impact" {
  duty = "The SQL is the application's."

  human "runbooks/database-upgrade.md" {
    heading = "Investigation report"
    says    = "Search the application's SQL for everything that is removed or deprecated"
  }
}

proof "rds.upgrade-measure-downtime-in-test" {
  duty = "A measurement that people make."

  human "runbooks/database-upgrade.md" {
    heading = "Order"
    says    = "staging, apply, and measure"
  }
}

proof "rds.upgrade-production-report" {
  file "runbooks/database-upgrade.md" {
    matches = "## Production upgrade report.*# Production.*## When, and who was informed.*## What was not expected"
  }
}
