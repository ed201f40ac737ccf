// Package stubs makes a directory of blueprints over templates of its own, of the size
// that a large catalogue has, to measure what the number of blueprints costs.
//
// What it writes is valid and follows from the number alone. It is for tests and
// measurements; nobody applies it.
package stubs

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// The size of one stub. With these, thirteen stubs and a large blueprint make some
// 6,000 lines of blueprints and 17,000 of templates.
const (
	options    = 12
	variables  = 12
	components = 4 // each over a template of its own
	resources  = 7 // of a template
	inputs     = 8 // variables of a template
)

// Write writes blueprints and templates below a directory that a user could name in
// BPGEN_PATH, and returns the names of the blueprints.
func Write(dir string, blueprints int) ([]string, error) {
	var names []string
	files := map[string]string{}
	for n := range blueprints {
		name := fmt.Sprintf("stub-%02d", n+1)
		names = append(names, name)
		files[filepath.Join("blueprints", name, "blueprint.hcl")] = blueprint(name)
		for c := range components {
			at := filepath.Join("templates", template(name, c))
			files[filepath.Join(at, "main.tf")] = mainFile()
			files[filepath.Join(at, "variables.tf")] = variablesFile()
			files[filepath.Join(at, "outputs.tf")] = outputsFile()
			files[filepath.Join(at, "versions.tf")] = versionsFile
			files[filepath.Join(at, "README.md")] = "# " + template(name, c) + "\n\nQueues and topics.\n"
		}
	}
	for file, text := range files {
		file = filepath.Join(dir, file)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return nil, err
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			return nil, err
		}
	}
	return names, nil
}

func template(blueprint string, component int) string {
	return fmt.Sprintf("%s-%c", blueprint, 'a'+component)
}

func blueprint(name string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "blueprint %q {\n  version = \"1.0.0\"\n  summary = \"Queues and topics of the application, with the alarms that tell when nobody reads them.\"\n}\n", name)
	for i := range options {
		kind, def := "bool", "true"
		if i%3 == 0 {
			kind, def = "string", `"standard"`
		}
		fmt.Fprintf(&b, "\noption \"choice_%d\" {\n  type        = %s\n", i, kind)
		if kind == "string" {
			b.WriteString("  one_of      = [\"standard\", \"fifo\", \"none\"]\n")
		}
		fmt.Fprintf(&b, "  default     = %s\n  description = \"Which kind of queue is made, and whether messages keep their order.\"\n  why         = \"most applications do not mind the order\"\n}\n", def)
		if i%3 == 1 {
			fmt.Fprintf(&b, "\nvalidation {\n  condition     = option.choice_%d || option.choice_%d != \"none\"\n  error_message = \"Choice %d needs a queue.\"\n}\n", i, i-1, i)
		}
	}
	for i := range variables {
		fmt.Fprintf(&b, `
variable "setting_%d" {
  type        = number
  default     = %d # why: enough for a day
  description = "How long a message is kept, in seconds."

  validation {
    condition     = var.setting_%d >= 60 && var.setting_%d <= 1209600
    error_message = "A message is kept for a minute at least, and for two weeks at most."
  }
}
`, i, 60*(i+1), i, i)
	}
	for c := range components {
		fmt.Fprintf(&b, "\ncomponent \"part_%c\" {\n  template = %q\n  when     = option.choice_%d\n\n  with = {\n    name    = var.name\n", 'a'+c, template(name, c), 3*c+1)
		for i := range inputs {
			fmt.Fprintf(&b, "    value_%d = var.setting_%d\n", i, (c+i)%variables)
		}
		fmt.Fprintf(&b, "    switch  = option.choice_%d\n  }\n}\n", 3*c+2)
		fmt.Fprintf(&b, "\noutput \"queue_%c\" {\n  value       = component.part_%c.queue_arn\n  description = \"ARN of the first queue.\"\n  when        = option.choice_%d\n}\n", 'a'+c, 'a'+c, 3*c+1)
	}
	b.WriteString("\nvariable \"name\" {\n  type        = string\n  description = \"Name of the application.\"\n}\n")
	for _, profile := range []string{"dev", "stg", "prd"} {
		fmt.Fprintf(&b, "\nprofile %q {\n  description = \"Values of the environment.\"\n\n  values = {\n    name      = \"example-%s\"\n    setting_0 = 120\n    setting_1 = 240\n  }\n}\n", profile, profile)
	}
	b.WriteString("\nexample {\n  values = { name = \"example\" }\n}\n")
	return b.String()
}

func mainFile() string {
	var b strings.Builder
	for i := range resources {
		fmt.Fprintf(&b, `resource "aws_sqs_queue" "queue_%d" {
  count = var.switch ? 1 : 0

  name                       = "${var.name}-%d"
  message_retention_seconds  = var.value_%d
  visibility_timeout_seconds = var.value_%d > 120 ? 120 : 30
  sqs_managed_sse_enabled    = true

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = 5
  })

  tags = merge({ Name = "${var.name}-%d" }, var.switch ? { Kind = "switched" } : {})

  lifecycle {
    create_before_destroy = true
  }
}

`, i, i, i%inputs, (i+1)%inputs, i)
	}
	b.WriteString("# What nobody could read.\nresource \"aws_sqs_queue\" \"dead\" {\n  name                    = \"${var.name}-dead\"\n  sqs_managed_sse_enabled = true\n}\n")
	return b.String()
}

func variablesFile() string {
	var b strings.Builder
	b.WriteString("variable \"name\" {\n  type        = string\n  description = \"Beginning of the names.\"\n}\n\nvariable \"switch\" {\n  type        = bool\n  default     = true # why: it is what is looked for\n  description = \"Whether there are queues.\"\n}\n")
	for i := range inputs {
		fmt.Fprintf(&b, "\nvariable \"value_%d\" {\n  type        = number\n  default     = 345600 # why: four days, as AWS does\n  description = \"How long a message is kept, in seconds.\"\n\n  validation {\n    condition     = var.value_%d > 0\n    error_message = \"A message is kept for some time.\"\n  }\n}\n", i, i)
	}
	return b.String()
}

func outputsFile() string {
	return "output \"queue_arn\" {\n  value       = aws_sqs_queue.dead.arn\n  description = \"ARN of the queue of what nobody could read.\"\n}\n"
}

const versionsFile = `terraform {
  required_version = ">= 1.11.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0, < 7.0"
    }
  }
}
`
