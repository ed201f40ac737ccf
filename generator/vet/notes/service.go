package notes

import (
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/vet"
)

const ecsDocs = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/"

// service are the rules about containers, their roles and their images.
var service = []*rule{
	{
		id: "health-check-grace-period", defaults: true, severity: mend, title: "No grace period at start",
		why:   "Without a grace period ECS keeps replacing tasks that are merely slow to start.",
		notes: []string{"ecs-fargate.grace-period-covers-registration-and-start"}, link: ecsDocs + "service_definition_parameters.html",
		check: each("aws_ecs_service", both(given("load_balancer"), either(absent("health_check_grace_period_seconds"), number("health_check_grace_period_seconds", func(n float64) bool { return n < 30 }))),
			"%s gives its tasks no time to start and register. Set health_check_grace_period_seconds to the time they need."),
	},
	{
		id: "scale-out-cooldown", defaults: true, severity: mend, title: "Unsuitable scale-out cooldown",
		why:   "Too short a cooldown starts unneeded tasks; too long a cooldown reacts too late.",
		notes: []string{"ecs-fargate.scale-out-cooldown-balance"}, link: "https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html",
		check: each("aws_appautoscaling_policy", number("target_tracking_scaling_policy_configuration.scale_out_cooldown", func(n float64) bool { return n < 30 || n > 900 }),
			"%s should wait about as long as a task takes to start before it adds more: between 30 and 900 seconds."),
	},
	{
		id: "task-headroom", defaults: true, severity: mend, title: "Task smaller than its containers",
		why:   "All containers of a task share its CPU and memory; a task that runs out of memory is killed.",
		notes: []string{"ecs-fargate.task-memory-headroom", "ecs-fargate.task-cpu-headroom"}, link: ecsDocs + "task_definition_parameters.html",
		check: func(f *finder) {
			for _, t := range f.of("aws_ecs_task_definition") {
				containers, whole := t.containers()
				for _, key := range []string{"cpu", "memory"} {
					size, ok := t.number(key)
					sum, known := f.sum(containers, key)
					// One container may take all of the task, several need room beside them.
					if ok && whole && known && (sum > size || sum == size && len(containers) > 1) {
						f.find(t.rng, "The containers of %s need %g of %s in total, but the task has %g. Give the task somewhat more than the sum.", t.name(), sum, key, size)
					}
				}
			}
		},
	},
	{
		id: "fargate-size", defaults: true, severity: fault, title: "Size that Fargate does not offer",
		why:   "Fargate offers only certain memory sizes for each CPU size.",
		notes: []string{"ecs-fargate.task-cpu-memory-combination"}, link: ecsDocs + "fargate-tasks-services.html",
		check: func(f *finder) {
			for _, t := range f.of("aws_ecs_task_definition") {
				cpu, ok := t.number("cpu")
				memory, also := t.number("memory")
				if _, fargate := element("requires_compatibilities", among("FARGATE"))(t); fargate && ok && also && !fargateHas(cpu, memory) {
					f.find(t.rng, "%s asks for %g CPU units with %g MiB, which Fargate does not offer: 256 allows 512, 1024 or 2048; 512 with 1-4 GiB; 1024 with 2-8; 2048 with 4-16; 4096 with 8-30; 8192 with 16-60; 16384 with 32-120.", t.name(), cpu, memory)
				}
			}
		},
	},
	{
		id: "run-task-permissions", severity: mend, title: "More than permission to start tasks",
		why:   "Anyone who can start any task with any role can do whatever those roles allow.",
		notes: []string{"ecs-fargate.run-task-user-minimum-permission"}, link: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security_iam_id-based-policy-examples.html",
		check: func(f *finder) {
			for _, p := range f.of("aws_iam_policy aws_iam_role_policy aws_iam_user_policy aws_iam_group_policy") {
				for _, s := range p.statements() {
					wide := s.everywhere && !s.condition && s.does(among("ecs:RunTask", "iam:PassRole", "iam:*"))
					if s.allow && (wide || s.does(among("ecs:*")) && s.everywhere) {
						f.find(s.at, "%s allows more than starting its tasks. Name the task definition for ecs:RunTask, and the roles of the task for iam:PassRole.", p.name())
					}
				}
			}
		},
	},
	{
		id: "exec-enabled", severity: advice, title: "ECS Exec only half configured",
		why:   "The role allows sessions, but the service does not.",
		notes: []string{"ecs-fargate.exec-enable-on-service"}, link: ecsDocs + "ecs-exec.html",
		check: func(f *finder) {
			for _, g := range f.grants() {
				if !g.allow || !g.does(prefixed("ssmmessages:")) || !f.taskRoles().task[g.role.res] || g.role.repeated() {
					continue
				}
				for _, t := range g.role.users("aws_ecs_task_definition", "task_role_arn") {
					for _, s := range t.users("aws_ecs_service", "task_definition") {
						if _, no := off("enable_execute_command")(s); no {
							f.find(s.rng, "The task role of %s has the permissions for ECS Exec. Set enable_execute_command = true, or remove them.", s.name())
						}
					}
				}
			}
		},
	},
	{
		id: "exec-endpoint", severity: fault, title: "ECS Exec without network access",
		why:   "ECS Exec sessions use ssmmessages, which a task without a NAT Gateway can reach only through an endpoint.",
		notes: []string{"ecs-fargate.exec-ssmmessages-endpoint"}, link: ecsDocs + "ecs-exec.html",
		check: func(f *finder) {
			for _, s := range f.of("aws_ecs_service") {
				if _, on := is("enable_execute_command", "true")(s); !on || len(f.everywhere("aws_nat_gateway")) > 0 || !f.Whole() {
					continue
				}
				if at, cut := in("network_configuration.subnets", nowhere)(s); cut && !f.endpoint("ssmmessages") {
					f.find(at, "%s has ECS Exec, but its subnets reach ssmmessages neither through a NAT Gateway nor through an endpoint. Add com.amazonaws.<region>.ssmmessages.", s.name())
				}
			}
		},
	},
	{
		id: "exec-on-task-role", severity: fault, title: "ECS Exec on the wrong role",
		why:   "The agent of ECS Exec runs inside the container and acts as the task role.",
		about: []string{"ecs-fargate.exec-policy-on-task-execution-role"}, link: ecsDocs + "task-iam-roles.html",
		check: func(f *finder) {
			for _, g := range f.grants() {
				if r := f.taskRoles(); g.allow && g.does(prefixed("ssmmessages:")) && r.execution[g.role.res] && !r.task[g.role.res] && r.whole {
					f.find(g.at, "%s is a task execution role, which ECS Exec does not use. Give the permissions to the task role.", g.role.name())
				}
			}
		},
	},
	{
		id: "awslogs-datetime-format", defaults: true, severity: fault, title: "Date format with an unescaped bracket",
		why:   "The log driver turns the format into a regular expression, where a bracket has a special meaning.",
		notes: []string{"ecs-fargate.awslogs-datetime-format-escaping"}, link: ecsDocs + "specify-log-config.html",
		check: func(f *finder) {
			for _, t := range f.of("aws_ecs_task_definition") {
				containers, _ := t.containers()
				for _, c := range containers {
					if format, at, ok := t.option(c, "awslogs-datetime-format"); ok && bareBracket(format) {
						f.find(at, "The format of %s has a bracket without a backslash. Write \\\\[ in HCL or JSON.", t.name())
					}
				}
			}
		},
	},
	{
		id: "application-permissions", severity: mend, title: "Application permissions on the execution role",
		why:   "The execution role starts the task; what the application may do belongs to the task role.",
		notes: []string{"ecs-fargate.app-permissions-on-task-role"}, link: ecsDocs + "task_execution_IAM_role.html",
		check: func(f *finder) {
			start := func(a string) bool {
				return prefixed("ecr:", "logs:", "ssmmessages:", "secretsmanager:Get", "ssm:Get", "kms:Decrypt", "s3:GetObject", "s3:GetBucketLocation", "ecr-public:", "acm:", "acm-pca:")(a)
			}
			for _, g := range f.grants() {
				if r := f.taskRoles(); g.allow && r.execution[g.role.res] && !r.task[g.role.res] && r.whole && g.does(func(a string) bool { return !start(a) }) {
					f.find(g.at, "%s only starts tasks and does not need these actions. If the application does, give them to the task role.", g.role.name())
				}
			}
		},
	},
	{
		id: "execution-role", severity: fault, title: "Task without an execution role",
		why:   "Fargate pulls the image and writes the logs with the task execution role.",
		notes: []string{"ecs-fargate.task-execution-role-managed-policy"}, link: ecsDocs + "task_execution_IAM_role.html",
		check: executionRole,
	},
	{
		id: "task-roles-apart", severity: mend, title: "One role for both task and execution",
		why:   "With one role for both, the application gets permissions that only starting the task needs.",
		notes: []string{"ecs-fargate.task-execution-role-distinct-from-task-role"}, link: ecsDocs + "security-ecs-iam-role-overview.html",
		check: func(f *finder) {
			for _, t := range f.of("aws_ecs_task_definition") {
				execution, _ := t.reach("execution_role_arn", "aws_iam_role")
				if a := t.text("execution_role_arn"); a != "" && a == t.text("task_role_arn") || len(execution) == 1 && t.leads("task_role_arn", execution[0]) && !execution[0].repeated() {
					f.find(t.rng, "%s uses one role as task role and execution role. Use two.", t.name())
				}
			}
		},
	},
	{
		id: "tasks-reach-out", severity: fault, title: "Tasks without outbound access",
		why:   "A task that cannot reach ECR and CloudWatch Logs does not start.",
		notes: []string{"ecs-fargate.private-subnet-needs-nat-or-endpoint"}, link: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html",
		check: func(f *finder) {
			if !f.Whole() || len(f.everywhere("aws_nat_gateway aws_vpc_endpoint aws_ec2_transit_gateway_vpc_attachment aws_vpc_peering_connection")) > 0 {
				return
			}
			each("aws_ecs_service", in("network_configuration.subnets", nowhere), "The subnets of %s have no route out, and there are no VPC endpoints. Add endpoints for ecr.api, ecr.dkr, logs and s3, or a NAT Gateway.")(f)
		},
	},
	{
		id: "image-tag-latest", severity: mend, title: "Image tag latest",
		why:   "With latest nobody knows which version runs, and there is no way to roll back.",
		notes: []string{"ecr.no-latest-tag"}, link: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-considerations.html",
		check: func(f *finder) {
			for _, t := range f.of("aws_ecs_task_definition") {
				containers, _ := t.containers()
				for _, c := range containers {
					if image, ok := f.field(c, "image"); ok && strings.HasSuffix(f.tail(image), ":latest") {
						f.find(image.Range(), "%s runs whatever latest is today. Use a version, such as the commit ID.", t.name())
					}
				}
			}
			for _, l := range f.of("aws_lambda_function") {
				if a, ok := l.arg("image_uri"); ok && strings.HasSuffix(f.tail(a.expr), ":latest") {
					f.find(a.expr.Range(), "%s runs whatever latest is today. Use a version, such as the commit ID.", l.name())
				}
			}
		},
	},
	{
		id: "image-tags-immutable", defaults: true, severity: mend, title: "Mutable image tags",
		why:   "A version tag is reliable only if it cannot be moved to another image.",
		notes: []string{"ecr.hash-tag"}, link: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html",
		check: each("aws_ecr_repository", either(absent("image_tag_mutability"), is("image_tag_mutability", "MUTABLE")), "Tags of %s can be moved to another image. Set image_tag_mutability = \"IMMUTABLE\"."),
	},
	{
		id: "image-lifecycle", severity: mend, title: "Images kept forever",
		why:   "Without a lifecycle policy every image ever built is stored and billed.",
		notes: []string{"iam.ecr-lifecycle-policy-needed-in-iac"}, link: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html",
		check: each("aws_ecr_repository", unused("aws_ecr_lifecycle_policy", "repository"), "%s has no lifecycle policy. Write one with aws_ecr_lifecycle_policy."),
	},
	{
		id: "container-insights", severity: mend, title: "Cluster without Container Insights",
		why:   "Without Container Insights there are no metrics for tasks and containers.",
		notes: []string{"cloudwatch-metrics.container-insights-account-setting"}, link: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/deploy-container-insights-ECS-cluster.html",
		check: func(f *finder) {
			if len(f.everywhere("aws_ecs_account_setting_default")) == 0 && f.Whole() {
				each("aws_ecs_cluster", noSetting, "%s has no setting containerInsights. Set it to \"enabled\" or \"enhanced\".")(f)
			}
			each("aws_ecs_cluster", inside("setting", both(is("name", "containerInsights"), is("value", "disabled"))), "%s switches Container Insights off. Set it to \"enabled\" or \"enhanced\".")(f)
		},
	},
	{
		id: "image-file-made-by-build", severity: mend, title: "Image file not written by a build",
		why:   "The file names the image of one build, so each build has to write its own.",
		notes: []string{"codedeploy.imagedefinitions-dynamic", "codedeploy.imagedetail-dynamic"}, link: "https://docs.aws.amazon.com/codepipeline/latest/userguide/file-reference.html",
		check: func(f *finder) {
			for types, path := range fileResources {
				each(types, matches(path, func(s string) bool {
					return strings.HasSuffix(s, "imagedefinitions.json") || strings.HasSuffix(s, "imageDetail.json")
				}), "%s hard-codes the image. Let the buildspec write the file.")(f)
			}
		},
	},
	{
		id: "appspec-task-definition", severity: fault, title: "Appspec with a fixed task definition",
		why:   "The deployment replaces <TASK_DEFINITION> with the new task definition.",
		notes: []string{"codedeploy.appspec-task-definition-placeholder"}, link: "https://docs.aws.amazon.com/codepipeline/latest/userguide/tutorials-ecs-ecr-codedeploy.html",
		check: func(f *finder) {
			for types, path := range fileResources {
				each(types, both(matches(path, func(s string) bool { return strings.Contains(s, "appspec") }), matches("content", func(s string) bool {
					return strings.Contains(s, "TaskDefinition") && !strings.Contains(s, "<TASK_DEFINITION>")
				})), "The appspec of %s names a task definition. Write TaskDefinition: <TASK_DEFINITION>.")(f)
			}
		},
	},
	{
		id: "codedeploy-one-container", severity: fault, title: "Blue/green deployment of several containers",
		why:   "An ECS appspec switches traffic for one container of one service.",
		notes: []string{"codedeploy.appspec-single-container"}, link: "https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html",
		check: func(f *finder) {
			for _, s := range f.of("aws_ecs_service") {
				if balancers, _ := s.blocks("load_balancer"); s.text("deployment_controller.type") == "CODE_DEPLOY" && len(balancers) > 1 {
					f.find(balancers[1].rng, "%s has several load_balancer blocks, but CodeDeploy supports one. Put one container in front.", s.name())
				}
			}
		},
	},
	{
		id: "pipeline-image-placeholder", severity: fault, title: "Deployment that keeps the placeholder",
		why:   "CodePipeline replaces <IMAGE1_NAME> with the new image only if the action says so.",
		notes: []string{"codedeploy.taskdef-image-placeholder", "codedeploy.imagedetail-json"}, link: "https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECSbluegreen.html",
		check: func(f *finder) {
			for _, p := range f.of("aws_codepipeline") {
				actions, _ := p.within("stage.action")
				for _, a := range actions {
					config, ok := a.arg("configuration")
					if a.text("provider") != "CodeDeployToECS" || !ok {
						continue
					}
					if _, spelled := f.object(config.expr, 0); !spelled {
						continue
					}
					_, artifact := f.field(config.expr, "Image1ArtifactName")
					name, named := f.field(config.expr, "Image1ContainerName")
					v, _ := f.value(hclOr(name, config.expr), 0)
					if !artifact || !named || textOf(v) != "" && textOf(v) != "IMAGE1_NAME" {
						f.find(config.expr.Range(), "The deployment of %s needs Image1ArtifactName, the artifact with imageDetail.json, and Image1ContainerName = \"IMAGE1_NAME\".", p.name())
					}
				}
			}
		},
	},
}

// executionRole finds tasks whose execution role cannot start them, or can do more.
func executionRole(f *finder) {
	each("aws_ecs_task_definition", both(fargate, absent("execution_role_arn")), "%s has no execution role. Set execution_role_arn to a role with AmazonECSTaskExecutionRolePolicy.")(f)
	seen := map[*vet.Resource]bool{}
	for _, t := range f.of("aws_ecs_task_definition") {
		found, _ := t.reach("execution_role_arn", "aws_iam_role")
		for _, r := range found {
			if !seen[r.res] {
				seen[r.res] = true
				f.starts(t, r)
			}
		}
	}
}

// starts finds an execution role without the permissions to start a task, or with
// managed policies that grant far more.
func (f *finder) starts(task, role thing) {
	if !role.has("managed_policy_arns") && !role.has("inline_policy") && role.unused("aws_iam_role_policy aws_iam_role_policy_attachment aws_iam_role_policies_exclusive aws_iam_role_policy_attachments_exclusive", "role") && len(f.everywhere("aws_iam_policy_attachment")) == 0 {
		f.find(role.rng, "%s starts the tasks of %s but has no permissions. Attach AmazonECSTaskExecutionRolePolicy.", role.name(), task.name())
		return
	}
	policies, known := role.managed()
	for _, p := range policies {
		if wide(p.text) {
			f.find(p.expr.Range(), "%s only starts the tasks of %s, but the policy %s allows far more. Attach only AmazonECSTaskExecutionRolePolicy.", role.name(), task.name(), p.text)
			return
		}
	}
	standard := slices.ContainsFunc(policies, func(p item) bool { return p.text == "AmazonECSTaskExecutionRolePolicy" })
	if standard || !known || !f.Whole() || f.pulls(role) {
		return
	}
	at := role.rng
	if len(policies) > 0 {
		at = policies[0].expr.Range()
	}
	f.find(at, "%s starts the tasks of %s, but none of its policies lets it pull images and write logs. Attach AmazonECSTaskExecutionRolePolicy.", role.name(), task.name())
}

// managed returns the managed policies of AWS that a role has, by the last part of
// their names; known is false when there may be others.
func (t thing) managed() (out []item, known bool) {
	known = !t.has("managed_policy_arns") && !t.has("inline_policy")
	for _, u := range t.users("aws_iam_role_policy_attachment", "role") {
		copies, all := u.copies()
		known = known && all
		for _, c := range copies {
			a, ok := c.arg("policy_arn")
			if !ok {
				continue
			}
			name := c.text("policy_arn")
			if name == "" {
				name = t.m.tail(a.expr)
			}
			if at := strings.LastIndexByte(name, '/'); at >= 0 {
				out = append(out, item{a.expr, name[at+1:]})
				continue
			}
			known = false
		}
	}
	return out, known
}

// wide says whether a managed policy of AWS allows more than a service needs.
func wide(policy string) bool {
	return policy == "AdministratorAccess" || policy == "PowerUserAccess" || strings.HasSuffix(policy, "FullAccess")
}

// pulls says whether a policy in the code lets a role pull images or write logs, or
// may.
func (f *finder) pulls(role thing) bool {
	for _, p := range role.users("aws_iam_role_policy", "role") {
		statements := p.statements()
		if len(statements) == 0 {
			return true
		}
		for _, s := range statements {
			if s.allow && s.does(func(a string) bool { return prefixed("ecr:", "logs:")(a) || a == "*" }) {
				return true
			}
		}
	}
	return false
}

// noSetting is true for a cluster without a setting for Container Insights.
func noSetting(t thing) (hcl.Range, bool) {
	settings, open := t.blocks("setting")
	return t.rng, !open && !slices.ContainsFunc(settings, func(s thing) bool {
		name := s.text("name")
		return name == "" || name == "containerInsights"
	})
}

// fargate is true for a task definition that is meant for Fargate.
var fargate = element("requires_compatibilities", among("FARGATE"))

// fileResources are resources that write a file, with the argument that names it.
var fileResources = map[string]string{"aws_s3_object": "key", "local_file": "filename", "github_repository_file": "file"}

// hclOr returns the first expression, or the second where there is none.
func hclOr(e, otherwise hclsyntax.Expression) hclsyntax.Expression {
	if e == nil {
		return otherwise
	}
	return e
}

// fargateHas says whether Fargate offers a combination.
func fargateHas(cpu, memory float64) bool {
	steps := map[float64][3]float64{ // from, to, step in MiB
		256: {512, 2048, 512}, 512: {1024, 4096, 1024}, 1024: {2048, 8192, 1024}, 2048: {4096, 16384, 1024},
		4096: {8192, 30720, 1024}, 8192: {16384, 61440, 4096}, 16384: {32768, 122880, 8192},
	}
	s, ok := steps[cpu]
	if !ok || memory < s[0] || memory > s[1] || cpu == 256 && memory == 1536 {
		return false
	}
	return int(memory)%int(s[2]) == 0
}

// sum adds up a number of all containers; known is false when one has none.
func (f *finder) sum(containers []hclsyntax.Expression, key string) (total float64, known bool) {
	for _, c := range containers {
		e, ok := f.field(c, key)
		if !ok {
			return 0, false
		}
		v, _ := f.value(e, 0)
		n, ok := numberOf(v)
		if !ok {
			return 0, false
		}
		total += n
	}
	return total, len(containers) > 0
}

// option returns an option of a container's log driver when it is known.
func (t thing) option(container hclsyntax.Expression, name string) (string, hcl.Range, bool) {
	options, ok := t.m.dig(container, "logConfiguration", "options")
	if !ok {
		return "", hcl.Range{}, false
	}
	for {
		choice, ok := options.(*hclsyntax.ConditionalExpr)
		if !ok {
			break
		}
		v := weigh(t.m.eval(choice.Condition, t.in), choice.Range())
		if !v.IsKnown() || v.IsNull() || v.Type() != cty.Bool || v.made || v.fromDefault && !t.presume {
			return "", hcl.Range{}, false
		}
		if options = choice.FalseResult; v.True() {
			options = choice.TrueResult
		}
	}
	if x, ok := t.m.field(options, name); ok {
		t.body, t.in = nil, nil
		v, at, known := arg{t, x}.worth()
		return textOf(v), at, known
	}
	w := weigh(t.m.eval(options, t.in), options.Range())
	v := w.Value
	if !v.IsKnown() || v.IsNull() || !v.CanIterateElements() || w.fromDefault && !t.presume {
		return "", hcl.Range{}, false
	}
	for it := v.ElementIterator(); it.Next(); {
		if k, e := it.Element(); textOf(k) == name {
			return textOf(e), w.at, textOf(e) != ""
		}
	}
	return "", hcl.Range{}, false
}

// dig follows keys into objects.
func (m *module) dig(e hclsyntax.Expression, keys ...string) (hclsyntax.Expression, bool) {
	for _, k := range keys {
		next, ok := m.field(e, k)
		if !ok {
			return nil, false
		}
		e = next
	}
	return e, true
}

// endpoint says whether there is, or may be, an endpoint for a service.
func (m *module) endpoint(name string) bool {
	for _, e := range m.everywhere("aws_vpc_endpoint") {
		a, ok := e.arg("service_name")
		if !ok {
			return true
		}
		switch tail := m.tail(a.expr); {
		case strings.HasSuffix(tail, "."+name):
			return true
		case tail != "":
		default: // com.amazonaws.${region}.${each.key}
			loop := e.res.Block.Body.Attributes["for_each"]
			if loop == nil {
				return true
			}
			items, whole := e.m.list(loop.Expr, 0)
			if !whole || slices.ContainsFunc(items, func(it item) bool { return it.text == name || it.text == "" }) {
				return true
			}
		}
	}
	return false
}

var bracket = regexp.MustCompile(`(^|[^\\])\[`)

func bareBracket(s string) bool { return strings.Contains(s, "[") && bracket.MatchString(s) }
