package acceptance

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/matrix"
)

// sts stands for the AWS CLI: it writes down each call, and answers those of STS.
const sts = `#!/bin/sh
printf '%s\n' "$*" >>"$CALLS"
case "$*" in
*get-caller-identity*) echo arn:aws-example:iam::210987654321:user/operator ;;
*assume-role*) printf 'AKIAEXAMPLE\tthe/secret+key\tthe=token\n' ;;
"configure get region") exit 1 ;;
esac
`

// TestAssumeRole runs the script that assumes a delivery role against a stand-in for
// the AWS CLI: which account it chooses, what it asks for, and where it puts the answer.
func TestAssumeRole(t *testing.T) {
	t.Parallel()
	const (
		asked = "sts assume-role --region xx-example-1 --role-arn arn:aws-example:iam::%:role/"
		query = " --query Credentials.[AccessKeyId, SecretAccessKey, SessionToken] --output text\n"
		who   = "sts get-caller-identity --region xx-example-1 --query Arn --output text\n"
	)
	given := []string{
		"AWS_REGION=xx-example-1", "ACCOUNT_ID_DEV=111111111111", "ACCOUNT_ID_STG=222222222222", "ACCOUNT_ID_PRD=333333333333",
		"EXTERNAL_ID_DEV=id-of-dev", "EXTERNAL_ID_STG=id-of-stg", "EXTERNAL_ID_PRD=id-of-prd",
	}
	profile := func(name string) string {
		var b strings.Builder
		for _, set := range []string{"aws_access_key_id AKIAEXAMPLE", "aws_secret_access_key the/secret+key", "aws_session_token the=token", "region xx-example-1", "output json"} {
			b.WriteString("configure set " + set + " --profile " + name + "\n")
		}
		return b.String()
	}
	for name, test := range map[string]struct {
		delivery   string
		env, args  []string
		calls, out string
		fails      string // what it says when it ends with 1
	}{
		"export": {
			env: append([]string{"ENV=dev"}, given...), args: []string{"--export"},
			calls: who + strings.Replace(asked, "%", "111111111111", 1) + "dev-deploy --role-session-name delivery --external-id id-of-dev --duration-seconds 3600" + query,
			out: "export AWS_ACCESS_KEY_ID=AKIAEXAMPLE\nexport AWS_SECRET_ACCESS_KEY=the/secret+key\nexport AWS_SESSION_TOKEN=the=token\n" +
				"export AWS_ACCOUNT_ID=111111111111\nexport AWS_DEFAULT_REGION=xx-example-1\n",
		},
		"profile": {
			env: append([]string{"ENV=stg"}, given...), args: []string{"--profile"},
			calls: who + strings.Replace(asked, "%", "222222222222", 1) + "stg-deploy --role-session-name delivery --external-id id-of-stg --duration-seconds 3600" + query + profile("stg-repository"),
		},
		"named profile, other role": {
			env: append([]string{"ENV=prd", "ROLE=migrate", "SESSION_NAME=job-7", "SESSION_SECONDS=900"}, given...), args: []string{"--profile", "release"},
			calls: who + strings.Replace(asked, "%", "333333333333", 1) + "prd-migrate --role-session-name job-7 --external-id id-of-prd --duration-seconds 900" + query + profile("release"),
		},
		"token": {
			delivery: "oidc",
			env:      append([]string{"ENV=dev", "WEB_IDENTITY_TOKEN=a.b.c"}, given...), args: []string{"--profile"},
			calls: "sts assume-role-with-web-identity --region xx-example-1 --role-arn arn:aws:iam::111111111111:role/dev-deploy --role-session-name delivery --web-identity-token a.b.c --duration-seconds 3600" + query + profile("dev-repository"),
		},
		"unknown environment": {env: append([]string{"ENV=test"}, given...), args: []string{"--export"}, fails: "ENV must be dev, stg or prd.\n"},
		"no environment":      {env: given, args: []string{"--export"}, fails: "ENV must be dev, stg or prd.\n"},
		"no way to hand over": {env: append([]string{"ENV=dev"}, given...), fails: "Say --export, or --profile and a name.\n"},
		"no account":          {env: []string{"ENV=prd", "AWS_REGION=xx-example-1"}, args: []string{"--export"}, fails: "Set ACCOUNT_ID_PRD.\n"},
		"no external ID":      {env: []string{"ENV=prd", "AWS_REGION=xx-example-1", "ACCOUNT_ID_PRD=333333333333"}, args: []string{"--export"}, fails: "Set EXTERNAL_ID_PRD.\n"},
		"no region":           {env: []string{"ENV=dev", "ACCOUNT_ID_DEV=111111111111"}, args: []string{"--export"}, calls: "configure get region\n", fails: "Set AWS_REGION.\n"},
		"no token":            {delivery: "oidc", env: append([]string{"ENV=dev"}, given...), args: []string{"--export"}, fails: "Set WEB_IDENTITY_TOKEN.\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calls := filepath.Join(t.TempDir(), "calls")
			cmd := exec.Command(bash(t), append([]string{assumeRole(t, test.delivery)}, test.args...)...)
			cmd.Env = append(test.env, "PATH="+standIn(t, "aws", sts)+string(os.PathListSeparator)+os.Getenv("PATH"), "CALLS="+calls)
			var out, said strings.Builder
			cmd.Stdout, cmd.Stderr = &out, &said
			err := cmd.Run()
			if fails := cmd.ProcessState.ExitCode() == 1; fails != (test.fails != "") || err != nil && !fails {
				t.Errorf("it ended with %v, and said %s", err, said.String())
			}
			if out.String() != test.out {
				t.Errorf("printed\n%swant\n%s", out.String(), test.out)
			}
			if test.fails != "" && said.String() != test.fails {
				t.Errorf("said %q, want %q", said.String(), test.fails)
			}
			if strings.Contains(said.String(), "secret") || strings.Contains(said.String(), "id-of") {
				t.Errorf("a secret is in %q", said.String())
			}
			called, err := os.ReadFile(calls)
			if err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
			if string(called) != test.calls {
				t.Errorf("called\n%swant\n%s", called, test.calls)
			}
		})
	}
}

// TestAssumeRoleLint has ShellCheck look at the script.
func TestAssumeRoleLint(t *testing.T) {
	t.Parallel()
	shellcheck, err := exec.LookPath("shellcheck")
	if err != nil {
		t.Skip("shellcheck is not on the PATH: the package shellcheck has it")
	}
	for _, delivery := range []string{"principals", "oidc"} {
		if out, err := exec.Command(shellcheck, "--severity", "style", assumeRole(t, delivery)).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", delivery, err, out)
		}
	}
}

// assumeRole renders account-baseline and returns the path of the script.
func assumeRole(t *testing.T, delivery string) string {
	t.Helper()
	dir := t.TempDir()
	var row matrix.Row
	if delivery != "" {
		row = matrix.Row{"delivery": cty.StringVal(delivery)}
	}
	render(t, dir, "account-baseline", link.Flat, row)
	return filepath.Join(dir, "files", "delivery", "assume-role.sh")
}

// bash returns the path of bash, or ends the test.
func bash(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not on the PATH: the package bash has it")
	}
	return path
}

// standIn writes a program and returns the directory that it is in.
func standIn(t *testing.T, name, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil { //nolint:gosec // A program can be run.
		t.Fatal(err)
	}
	return dir
}
