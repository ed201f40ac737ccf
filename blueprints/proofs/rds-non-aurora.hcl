proof "rds-non-aurora.instance-class-change-by-failover" {
  options = { database = "mysql" }

  human "runbooks/database-change.md" {
    heading = "Change the class with a failover"
    says    = "aws rds modify-db-instance .*--db-instance-class"
  }
}

proof "rds-non-aurora.failover-minimise-downtime" {
  options = { database = "mysql" }

  human "runbooks/database-change.md" {
    heading = "Change the class with a failover"
    says    = "standby"
  }
}

proof "rds-non-aurora.manual-failover" {
  options = { database = "mysql" }

  human "runbooks/database-change.md" {
    heading = "Change the class with a failover"
    says    = "--force-failover.*The standby takes over"
  }
}

proof "rds-non-aurora.events-in-english" {
  options = { database = "mysql" }

  human "runbooks/database-change.md" {
    heading = "Change the class with a failover"
    says    = "Events are in English; search for their text in the English user guide"
  }
}
