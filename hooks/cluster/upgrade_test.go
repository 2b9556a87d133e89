package cluster_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/cluster"
)

// migrates adds a migration to this process: it is of the version that follows.
func migrates() {
	core.AppMigrations.Register(func(app core.App) error {
		users, err := app.FindCollectionByNameOrId("users")
		if err != nil {
			return err
		}
		users.Fields.Add(&core.TextField{Name: "of_next_version"})
		if err := app.Save(users); err != nil {
			return err
		}
		_, err = app.DB().NewQuery("UPDATE users SET of_next_version = 'x' || id").Execute()
		return err
	}, nil, "9999999999_next.go")
}

func TestCluster_isUpgradedOneNodeAtATime(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts six processes")
	}
	t.Parallel()
	upgrade(t, func(node *child) { node.IsNew = true })
}

// The program itself, built twice: the second one is of another version and has one migration more.
func TestChaos_programIsUpgradedOneNodeAtATime(t *testing.T) {
	if os.Getenv("FAULTS") == "" {
		t.Skip("make chaos-cluster builds the program twice")
	}
	before, after := build(t, "before"), build(t, "after", "-overlay", overlay(t))
	upgrade(t, func(node *child) { node.Program = after }, func(node *child) { node.Program = before })
}

func build(t *testing.T, version string, flags ...string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "messagerie")
	command := exec.CommandContext(t.Context(), "go", append(append([]string{"build", "-ldflags", "-X main.version=" + version, "-o", path}, flags...), ".")...)
	command.Dir = "../.."
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v\n%s", version, err, out)
	}
	return path
}

// overlay adds to the program's source what migrates does.
func overlay(t *testing.T) (path string) {
	t.Helper()
	dir := t.TempDir()
	source, path := filepath.Join(dir, "next.go"), filepath.Join(dir, "overlay.json")
	must(t, os.WriteFile(source, []byte(`package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(func(app core.App) error {
		users, err := app.FindCollectionByNameOrId("users")
		if err != nil {
			return err
		}
		users.Fields.Add(&core.TextField{Name: "of_next_version"})
		if err := app.Save(users); err != nil {
			return err
		}
		_, err = app.DB().NewQuery("UPDATE users SET of_next_version = 'x' || id").Execute()
		return err
	}, nil, "9999999999_next.go")
}
`), 0o600))
	place, err := filepath.Abs("../../pb_migrations/9999999999_next.go")
	must(t, err)
	data, err := json.Marshal(map[string]any{"Replace": map[string]string{place: source}})
	must(t, err)
	must(t, os.WriteFile(path, data, 0o600))
	return path
}

// upgrade replaces the nodes by those of the next version while people write: what follows first, what leads last.
func upgrade(t *testing.T, next func(*child), changes ...func(*child)) {
	t.Helper()
	c, stop := newChaos(t, changes...)
	leader := c.leader()
	c.look()
	for _, i := range []int{(leader + 1) % 3, (leader + 2) % 3, leader} {
		c.end(i, syscall.SIGTERM)
		c.progress()
		next(&c.children[i])
		c.run(i, cluster.Begin{})
		c.awaitHTTP(i)
		c.progress()
		c.hears()
		came := c.look()
		t.Logf("%s: the pause was %v, the longest silence %v", c.children[i].Node, came.pause, came.silence)
		if came.pause > 5*time.Second {
			t.Errorf("nothing was acknowledged for %v", came.pause)
		}
	}
	stop()
	c.settle()
	changed := cluster.Open(t, filepath.Join(c.children[0].Dir, "data.db")).Strings(t, "SELECT id FROM users WHERE of_next_version = 'x' || id")
	if len(changed) != len(c.people) {
		t.Errorf("%d of %d rows were migrated", len(changed), len(c.people))
	}
}

func TestCluster_peopleOfAFrozenNodeComeBackElsewhere(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes ten seconds")
	}
	t.Parallel()
	c, stop := newChaos(t)
	frozen := c.follower()
	c.spread()
	c.hears()
	_ = c.running[frozen].Process.Signal(syscall.SIGSTOP)
	begun := time.Now()
	for _, l := range c.listeners {
		eventually(t, "everybody has a socket elsewhere", func() bool { n := l.node(); return n >= 0 && n != frozen })
	}
	c.hears()
	took := time.Since(begun)
	t.Logf("everybody hears again after %v", took)
	if took > 12*time.Second { // ten is the promise; the machine may be busy
		t.Errorf("it took %v", took)
	}
	_ = c.running[frozen].Process.Signal(syscall.SIGCONT)
	stop()
	c.settle()
}
