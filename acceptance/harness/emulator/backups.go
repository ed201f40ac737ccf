package emulator

import "sync"

// Backups are the automated backups that RDS retains of databases that were
// deleted so: the emulators forget them.
type Backups struct {
	mu   sync.Mutex
	keys map[string]string // ARN of the database -> ARN of the key
}

// Remember keeps the key of a database that is deleted without its backups.
func (b *Backups) Remember(c Call, a *Answer, _ *Router) {
	if c.Service != "rds" || a.Status >= 400 || c.Form.Get("DeleteAutomatedBackups") != "false" {
		return
	}
	root, err := parseTree(a.Body)
	if err != nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for element, arn := range map[string]string{"DBCluster": "DBClusterArn", "DBInstance": "DBInstanceArn"} {
		root.each(element, func(t *tree) {
			b.keys[t.value(arn)] = t.value("KmsKeyId")
		})
	}
}
