package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/viper"

	"messagerie/hooks/apptest/freeport"
)

// asProgram makes the test binary run as the program, in a process of its own.
const asProgram = "TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

func program(ctx context.Context, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, os.Args[0], args...)
	command.Env = append(os.Environ(), asProgram+"=1")
	return command
}

// runToEnd waits for the program to end, and returns its output.
func runToEnd(t *testing.T, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second) // a program that doesn't end fails the test
	defer cancel()
	said, err := program(ctx, args...).CombinedOutput()
	return string(said), errors.Join(ctx.Err(), err)
}

// serve starts a server on a directory and returns once it listens.
func serve(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	server, _ := serveAt(t, dir)
	return server
}

// serveAt is serve, with the server's URL. What it reports goes to errors as well.
func serveAt(t *testing.T, dir string, errors ...io.Writer) (server *exec.Cmd, url string) {
	t.Helper()
	return serveBy(t, os.Args[0], dir, errors...)
}

// serveBy is serveAt by another copy of the program.
func serveBy(t *testing.T, path, dir string, errors ...io.Writer) (server *exec.Cmd, url string) {
	t.Helper()
	address := freeAddress(t)
	server = program(t.Context(), "serve", "--dir", dir, "--http", address)
	server.Path, server.Stderr = path, io.MultiWriter(append(errors, os.Stderr)...)
	output, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "Server started") {
			return server, "http://" + address
		}
	}
	t.Fatalf("the server ended before it listened: %v", lines.Err())
	return nil, ""
}

func copyFile(t *testing.T, from, to string, mode os.FileMode) {
	t.Helper()
	source, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	file, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(file, source)
	if err = errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	address, err := freeport.Address()
	if err != nil {
		t.Fatal(err)
	}
	return address
}

func TestDataDir_servesOneServerAtATime(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	first := serve(t, dir)

	link := filepath.Join(t.TempDir(), "link") // the same directory by another name
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"serve", "--dir", dir, "--http", freeAddress(t)},
		{"serve", "--dir", link, "--http", freeAddress(t)},
		{"serve", "--dir", dir, "--http", freeAddress(t), "--https", freeAddress(t), "ecole.example"},
		{"demo", "--dir", dir, "--http", freeAddress(t)},
		{"demo", "--dir", dir, "--fill-only"},
	} {
		said, err := runToEnd(t, args...)
		if status := new(exec.ExitError); !errors.As(err, &status) || status.ExitCode() != 1 ||
			!strings.Contains(said, args[2]) || !strings.Contains(said, "another server") {
			t.Errorf("%q: %v: %s", args, err, said)
		}
	}
	// Commands that end by themselves, or only print help, work beside it.
	for _, args := range [][]string{
		{"superuser", "create", "admin@ecole.example", "correct horse battery", "--dir", dir},
		{"superuser", "update", "admin@ecole.example", "another horse battery", "--dir", dir},
		{"serve", "--help", "--dir", dir},
	} {
		if said, err := runToEnd(t, args...); err != nil {
			t.Errorf("%q: %v: %s", args, err, said)
		}
	}

	// However it ends, the lock is released.
	if err := first.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = first.Wait()
	second := serve(t, dir)
	if err := second.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := second.Wait(); err != nil {
		t.Errorf("the server ends with %v", err)
	}
	serve(t, dir)
}

func TestServe_namesTheCommandForTheFirstSuperuser(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	const command = "messagerie superuser create"
	for _, exists := range []bool{false, true} {
		var said bytes.Buffer
		server, _ := serveAt(t, dir, &said)
		stop(t, server)
		if strings.Contains(said.String(), command) == exists || strings.Contains(said.String(), "pbinstall") {
			t.Errorf("with a superuser %t: %s", exists, said.String())
		}
		if said, err := runToEnd(t, "superuser", "upsert", "admin@ecole.example", "correct horse battery", "--dir", dir); err != nil {
			t.Fatal(said, err)
		}
	}
}

func TestCall_thatIsWrongFailsBeforeAnythingIsTouched(t *testing.T) {
	for _, args := range [][]string{
		{"serve", "--prot", "3"},
		{"--prot", "3"},
		{"serve", "-x"},
		{"serv"},
		{"superuser", "frobnicate"},
		{"superuser", "create", "--prot=3"},
		{"reindex", "now"},
		{"health", "--prot", "3"},
		{"export", "person"},
		{"import"},
		{"demo", "--people"},
		{"serve", "--help", "--prot"},
	} {
		dir := filepath.Join(t.TempDir(), "data")
		said, err := runToEnd(t, append(args, "--dir", dir)...)
		if status(err) == 0 || said == "" || strings.Count(said, "\n") > 5 {
			t.Errorf("%q: %v: %s", args, err, said)
		}
		if _, err := os.Stat(dir); err == nil && args[0] != "import" { // import asks for its files in French, once it runs
			t.Errorf("%q has created the data directory", args)
		}
	}
	for _, args := range [][]string{{}, {"--help"}, {"--version"}, {"superuser"}, {"serve", "-h"}} {
		dir := filepath.Join(t.TempDir(), "data")
		if said, err := runToEnd(t, append(args, "--dir", dir)...); err != nil || said == "" {
			t.Errorf("%q: %v: %s", args, err, said)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%q has created the data directory", args)
		}
	}
	if said, err := runToEnd(t, "demo", "--people", "many", "--dir", t.TempDir()); status(err) != 1 || !strings.Contains(said, "--people") {
		t.Errorf("%v: %s", err, said)
	}
}

func TestDataDir_isClosedToOthers(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("permissions are inherited there")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil { // by an earlier version, or a copy
		t.Fatal(err)
	}
	for _, name := range []string{"data.db", "search.db"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	serve(t, dir)
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has the permissions %o", path, info.Mode().Perm())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestDataDir_isNamedWhenItCannotBeOpened(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "data.db"), bytes.Repeat([]byte("no database "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "data.db")
	for _, data := range []string{dir, file} {
		for _, args := range [][]string{{"serve", "--http", freeAddress(t)}, {"superuser", "otp", "a@ecole.example"}} {
			said, err := runToEnd(t, append(args, "--dir", data)...)
			if status(err) != 1 || !strings.Contains(said, data) {
				t.Errorf("%q --dir %s: %v: %s", args, data, err, said)
			}
		}
	}
}

// releaseFile reads one of the files that `make release` puts beside the binaries.
func releaseFile(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("hooks", "ops", "release", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// understands runs a command of a release file with --help, so that nothing starts: flags and
// environment variables are parsed, and refused if the program doesn't have them.
func understands(t *testing.T, environment map[string]string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	command := program(ctx, append(args, "--help")...)
	for name, value := range environment {
		command.Env = append(command.Env, name+"="+value)
	}
	said, err := command.CombinedOutput()
	if err != nil || !strings.Contains(string(said), args[0]+" [") {
		t.Errorf("%q: %v: %s", args, err, said)
	}
}

func TestRelease_serviceStartsWithFlagsThatExist(t *testing.T) {
	unit := releaseFile(t, "messagerie.service")
	start := regexp.MustCompile(`(?m)^ExecStart=(.+)$`).FindStringSubmatch(unit)
	if start == nil {
		t.Fatal("the unit starts nothing")
	}
	const installed, data = "/etc/messagerie/config.yaml", "/var/lib/messagerie"
	args := strings.Fields(start[1])
	if args[0] != "/usr/local/bin/messagerie" || !slices.Contains(args, installed) || !slices.Contains(args, data) {
		t.Fatalf("the unit starts %q", args)
	}
	for i := range args {
		if args[i] == installed { // which its first lines create from the example
			args[i] = "config.example.yaml"
		}
	}
	understands(t, nil, args[1:]...)
	for _, needed := range []string{installed, "StateDirectory=" + filepath.Base(data), "install -m 755 messagerie-linux-amd64 " + args[0]} {
		if strings.Count(unit, needed) == 0 {
			t.Errorf("the unit lacks %q", needed)
		}
	}
}

func TestRelease_composeFileStartsTheServerThatTheImageHolds(t *testing.T) {
	decoder, err := viper.NewCodecRegistry().Decoder("yaml")
	if err != nil {
		t.Fatal(err)
	}
	compose := viper.NewWithOptions(viper.KeyDelimiter("/"))
	tree := map[string]any{}
	if err := decoder.Decode([]byte(releaseFile(t, "compose.yaml")), tree); err != nil {
		t.Fatal(err)
	}
	if err := compose.MergeConfigMap(tree); err != nil {
		t.Fatal(err)
	}
	const service = "services/messagerie/"
	environment := map[string]string{}
	for name, value := range compose.GetStringMapString(service + "environment") {
		environment[strings.ToUpper(name)] = value
	}
	if environment["MESSAGERIE_SERVER_DATA_DIR"] == "" || environment["MESSAGERIE_SERVER_ADDRESS"] == "" {
		t.Fatalf("the container serves with %v", environment)
	}
	understands(t, environment, "serve")
	if check := compose.GetStringSlice(service + "healthcheck/test"); len(check) != 3 {
		t.Errorf("the health check is %q", check)
	} else {
		understands(t, environment, check[2])
	}

	// The image ends like that of the repository, with a binary that `make release` builds.
	image, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	inline := compose.GetString(service + "build/dockerfile_inline")
	for _, line := range []string{
		"FROM scratch", `ENTRYPOINT ["/messagerie"]`, `CMD ["serve"]`,
		"/etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt",
		"RUN mkdir -p /image/pb_data /image/tmp && chmod 1777 /image/tmp",
		"--chown=65532:65532 /image/ /",
	} {
		if !strings.Contains(string(image), line) || !strings.Contains(inline, line) {
			t.Errorf("Dockerfile and compose.yaml don't both have %q", line)
		}
	}
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(inline, "messagerie-linux-$${TARGETARCH}") ||
		!regexp.MustCompile(`(?m)^PLATFORMS .*linux/amd64 linux/arm64`).Match(makefile) {
		t.Error("the image takes a binary that isn't built")
	}
}
