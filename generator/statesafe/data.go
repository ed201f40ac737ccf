package statesafe

// stores lists the types of hashicorp/aws whose objects hold the data of users: of
// the services that AWS counts among databases and storage (Overview of Amazon Web
// Services, https://docs.aws.amazon.com/whitepapers/latest/aws-overview/), those
// with which the data goes when the object is deleted, and the repositories, user
// pools, keys and zones that nobody can make again.
var stores = map[string]bool{
	"aws_backup_vault":                  true,
	"aws_cognito_user_pool":             true,
	"aws_db_instance":                   true,
	"aws_docdb_cluster":                 true,
	"aws_docdbelastic_cluster":          true,
	"aws_dynamodb_table":                true,
	"aws_ebs_volume":                    true,
	"aws_ecr_repository":                true,
	"aws_efs_file_system":               true,
	"aws_elasticache_cluster":           true,
	"aws_elasticache_replication_group": true,
	"aws_elasticache_serverless_cache":  true,
	"aws_fsx_lustre_file_system":        true,
	"aws_fsx_ontap_file_system":         true,
	"aws_fsx_openzfs_file_system":       true,
	"aws_fsx_windows_file_system":       true,
	"aws_keyspaces_table":               true,
	"aws_kms_key":                       true,
	"aws_memorydb_cluster":              true,
	"aws_neptune_cluster":               true,
	"aws_opensearch_domain":             true,
	"aws_rds_cluster":                   true,
	"aws_redshift_cluster":              true,
	"aws_redshiftserverless_namespace":  true,
	"aws_route53_zone":                  true,
	"aws_s3_bucket":                     true,
	"aws_s3_directory_bucket":           true,
	"aws_timestreamwrite_table":         true,
}

// HoldsData says whether objects of a type hold data that goes with them.
func HoldsData(typ string) bool { return stores[typ] }
