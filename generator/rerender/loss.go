package rerender

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/statesafe"
)

// stores lists the types of hashicorp/aws whose objects hold the data of users: of
// the services that AWS counts among databases and storage (Overview of Amazon Web
// Services, https://docs.aws.amazon.com/whitepapers/latest/aws-overview/), those
// with which the data goes when the object is deleted; queues, streams and brokers,
// whose messages wait there; logs, secrets and backups; and the repositories and user
// pools that nobody can make again. A topic holds nothing, nor does a key: what it
// encrypts counts by itself. The value says whether another engine makes another
// object of it: the provider's documentation of the argument engine says so.
var stores = map[string]bool{
	"aws_backup_logically_air_gapped_vault": false,
	"aws_backup_vault":                      false,
	"aws_cloudtrail_event_data_store":       false,
	"aws_cloudwatch_event_archive":          false,
	"aws_cloudwatch_log_group":              false,
	"aws_codeartifact_repository":           false,
	"aws_codecommit_repository":             false,
	"aws_cognito_identity_pool":             false,
	"aws_cognito_user_pool":                 false,
	"aws_customerprofiles_domain":           false,
	"aws_db_instance":                       true,
	"aws_docdb_cluster":                     true,
	"aws_docdbelastic_cluster":              false,
	"aws_dsql_cluster":                      false,
	"aws_dynamodb_table":                    false,
	"aws_ebs_snapshot":                      false,
	"aws_ebs_volume":                        false,
	"aws_ecr_repository":                    false,
	"aws_ecrpublic_repository":              false,
	"aws_efs_file_system":                   false,
	"aws_elasticache_cluster":               true,
	"aws_elasticache_replication_group":     true,
	"aws_elasticache_serverless_cache":      true,
	"aws_elasticsearch_domain":              false,
	"aws_fsx_file_cache":                    false,
	"aws_fsx_lustre_file_system":            false,
	"aws_fsx_ontap_file_system":             false,
	"aws_fsx_ontap_volume":                  false,
	"aws_fsx_openzfs_file_system":           false,
	"aws_fsx_openzfs_volume":                false,
	"aws_fsx_windows_file_system":           false,
	"aws_glacier_vault":                     false,
	"aws_kendra_index":                      false,
	"aws_keyspaces_table":                   false,
	"aws_kinesis_stream":                    false,
	"aws_kinesis_video_stream":              false,
	"aws_lightsail_bucket":                  false,
	"aws_memorydb_cluster":                  true,
	"aws_mq_broker":                         false,
	"aws_msk_cluster":                       false,
	"aws_msk_serverless_cluster":            false,
	"aws_neptune_cluster":                   true,
	"aws_neptunegraph_graph":                false,
	"aws_opensearch_domain":                 false,
	"aws_opensearchserverless_collection":   false,
	"aws_prometheus_workspace":              false,
	"aws_rds_cluster":                       true,
	"aws_redshift_cluster":                  false,
	"aws_redshiftserverless_namespace":      false,
	"aws_rekognition_collection":            false,
	"aws_s3_bucket":                         false,
	"aws_s3_directory_bucket":               false,
	"aws_s3tables_table":                    false,
	"aws_s3tables_table_bucket":             false,
	"aws_s3vectors_index":                   false,
	"aws_s3vectors_vector_bucket":           false,
	"aws_secretsmanager_secret":             false,
	"aws_sqs_queue":                         false,
	"aws_ssm_parameter":                     false,
	"aws_timestreaminfluxdb_db_cluster":     false,
	"aws_timestreaminfluxdb_db_instance":    false,
	"aws_timestreamwrite_database":          false,
	"aws_timestreamwrite_table":             false,
	"aws_workspaces_workspace":              false,
}

// A parameter holds data where somebody else writes its value; what the code says, the
// next apply writes again.
const parameter = "aws_ssm_parameter"

// A File is a file of a module before and after; nil is none.
type File struct {
	Path     string
	Old, New []byte
	Unread   bool // the old file was too large to look into
}

// A Loss is an object that holds data, and that goes with it when the changed
// module is applied.
type Loss struct {
	Address string `json:"address"` // or, of a file that is too large, its path
	Why     string `json:"why"`
	Dropped bool   `json:"-"` // the address goes, and nothing takes the place of the object
}

// Losses returns what a change of files takes away, sorted by address. It knows
// objects whose address goes, and those that a changed argument is known to replace;
// what else makes the provider replace an object, a plan shows. Of the old files none
// may be left out that differs.
func Losses(files []File) []Loss {
	return Join(inventoried(files), replaced(files))
}

// replaced returns the objects with data that changed arguments replace.
func replaced(files []File) []Loss {
	var before, after fileset.Set
	for _, f := range files {
		for set, src := range map[*fileset.Set][]byte{&before: f.Old, &after: f.New} {
			if src == nil || !holdsCode(f.Path) {
				continue
			}
			if err := set.Add(f.Path, src); err != nil {
				return nil // no system can hold both files, so nothing is written either
			}
		}
	}
	var out []Loss
	for _, c := range statesafe.Compare(&before, &after).Stops() {
		if len(c.Arguments) > 0 {
			out = append(out, Loss{Address: c.Address, Why: "replaced, because " + c.Why})
		}
	}
	return out
}

// inventoried returns the objects with data that are in the module no more, or that
// another engine or for_each replaces.
func inventoried(files []File) []Loss {
	files = slices.DeleteFunc(slices.Clone(files), func(f File) bool { return !holdsCode(f.Path) })
	before, after := newInventory(), newInventory()
	var out []Loss
	for _, f := range files {
		if f.Unread {
			out = append(out, Loss{Address: f.Path, Why: "the file is too large to read, so its contents are unknown"})
		}
		before.add(f.Path, f.Old)
	}
	if len(before.objects) == 0 {
		return out
	}
	for _, f := range files {
		after.add(f.Path, f.New) // What bpgen has made parses.
	}
	for address, was := range before.objects {
		is, stays := after.objects[address]
		if to, ok := after.moved[address]; ok && !stays {
			is, stays = after.objects[to]
		}
		switch {
		case after.kept[address]:
		case !stays && strings.Count(address, ".") == 1 && strings.HasPrefix(address, "module."):
			// What it held is in the inventory by itself.
		case !stays:
			out = append(out, Loss{Address: address, Why: "no longer in the module", Dropped: true})
		case was.engine != unknown && was.engine != is.engine && !inPlace(was.engine, is.engine):
			out = append(out, Loss{Address: address, Why: fmt.Sprintf("replaced, because the engine changes from %s to %s", orUnset(was.engine), orUnset(is.engine))})
		case was.engine != unknown && was.each != is.each && after.moved[address] == "":
			out = append(out, Loss{Address: address, Why: "replaced, because for_each gives its instances new addresses"})
		}
	}
	slices.SortFunc(out, func(a, b Loss) int { return cmp.Compare(a.Address, b.Address) })
	return out
}

// NestedLosses returns what a change of options takes away from a module in the
// nested layout. Its files hold every switch of their templates, and do not say
// which way a switch is set; the same module in the flat layout, before and after,
// does.
func NestedLosses(before, after *link.Module) []Loss {
	files := map[string]File{}
	before.Print()
	after.Print()
	for _, f := range before.Files {
		files[f.Name] = File{Path: f.Name, Old: f.Body}
	}
	for _, f := range after.Files {
		files[f.Name] = File{Path: f.Name, Old: files[f.Name].Old, New: f.Body}
	}
	nested := map[string]string{}
	for _, r := range before.Rename {
		nested[r.Flat] = r.Nested
	}
	out := Losses(slices.Collect(maps.Values(files)))
	for i, l := range out {
		out[i].Address = cmp.Or(nested[l.Address], l.Address)
	}
	return out
}

// Join returns losses found in two ways, each address once, sorted: an object says
// more than the call of its module.
func Join(a, b []Loss) []Loss {
	all := slices.Concat(a, b)
	all = slices.DeleteFunc(slices.Clone(all), func(l Loss) bool {
		return slices.ContainsFunc(all, func(m Loss) bool { return strings.HasPrefix(m.Address, l.Address+".") })
	})
	slices.SortStableFunc(all, func(a, b Loss) int { return cmp.Compare(a.Address, b.Address) })
	return slices.CompactFunc(all, func(a, b Loss) bool { return a.Address == b.Address })
}

// inPlace says whether an engine becomes another one in the same object: of a
// cache that is the way from Redis OSS to Valkey alone
// (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VersionManagement.HowTo.html).
func inPlace(was, is string) bool { return was == `"redis"` && is == `"valkey"` }

func orUnset(engine string) string {
	if engine == "" {
		return "none"
	}
	return engine
}

// holdsCode says whether a file of a rendered module is one that Terraform reads
// when the module is used.
func holdsCode(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	return path.Ext(name) == ".tf" && first != "examples" && first != "tests"
}

// An inventory is what stands in the files of a module.
type inventory struct {
	objects map[string]object // that hold data, by address
	moved   map[string]string // by their old address
	kept    map[string]bool   // removed from the module and not destroyed
}

type object struct {
	engine string // the text of the argument
	each   bool   // its instances have keys
}

func newInventory() *inventory {
	return &inventory{map[string]object{}, map[string]string{}, map[string]bool{}}
}

// declaration is how a resource begins.
var declaration = regexp.MustCompile(`(?m)^\s*resource\s+"(\w+)"\s+"([\w-]+)"`)

// unknown is the engine of an object in a file that does not parse.
const unknown = "?"

// add takes in a file; without content there is none. Of a file that does not
// parse, which somebody edited, it takes what the lines say.
func (v *inventory) add(name string, src []byte) {
	if src == nil {
		return
	}
	in := module(name)
	file, diags := guard.Parse(src, name)
	body, ok := (*hclsyntax.Body)(nil), false
	if !diags.HasErrors() {
		body, ok = file.Body.(*hclsyntax.Body)
	}
	if !ok {
		for _, m := range declaration.FindAllSubmatch(src, -1) {
			if _, holds := stores[string(m[1])]; holds {
				v.objects[in+string(m[1])+"."+string(m[2])] = object{engine: unknown}
			}
		}
		return
	}
	for _, b := range body.Blocks {
		text := func(argument string) string {
			a := b.Body.Attributes[argument]
			if a == nil {
				return ""
			}
			rng := a.Expr.Range()
			return strings.TrimSpace(string(rng.SliceBytes(src)))
		}
		switch {
		case b.Type == "moved":
			v.moved[in+text("from")] = in + text("to")
		case b.Type == "removed":
			v.kept[in+text("from")] = survives(b)
		case b.Type == "module" && in == "" && len(b.Labels) == 1:
			// In the nested layout the engine is an argument of the call.
			if engine := text("engine"); engine != "" {
				v.objects["module."+b.Labels[0]] = object{engine: engine}
			}
		case b.Type != "resource" || len(b.Labels) != 2:
		default:
			byEngine, holds := stores[b.Labels[0]]
			if !holds || b.Labels[0] == parameter && !statesafe.Ignores(b.Body, "value") || text("skip_destroy") == "true" {
				continue
			}
			o := object{each: b.Body.Attributes["for_each"] != nil}
			if byEngine {
				o.engine = text("engine")
			}
			v.objects[in+strings.Join(b.Labels, ".")] = o
		}
	}
}

// survives says whether a block removed lets the object live.
func survives(b *hclsyntax.Block) bool {
	for _, inner := range b.Body.Blocks {
		if a := inner.Body.Attributes["destroy"]; inner.Type == "lifecycle" && a != nil {
			v, diags := a.Expr.Value(nil)
			return !diags.HasErrors() && v.IsKnown() && !v.IsNull() && v.Type() == cty.Bool && v.False()
		}
	}
	return false
}

// module returns the address of the module that a file belongs to, with a dot: in
// the nested layout, modules/NAME is what module.NAME calls.
func module(name string) string {
	parts := strings.Split(name, "/")
	if len(parts) < 3 || parts[0] != "modules" {
		return ""
	}
	return "module." + parts[1] + "."
}
