package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/viper"
)

const (
	environmentPrefix = "MESSAGERIE_"
	fileVariable      = environmentPrefix + "CONFIG"
	fileFlag          = "--config"
	fileName          = "config.yaml"
)

// flags are those of the command line that set a key. PocketBase reads them as well.
var flags = map[string]string{
	"--http": "server.address",
	"--dir":  "server.data_dir",
}

// Source is everything a configuration is read from. The zero value is a machine on
// which nothing is set.
type Source struct {
	Args      []string // without the program's name
	Env       []string // NAME=value, as os.Environ has them
	BinaryDir string   // holds config.yaml, if there is one, and pb_data
}

// Load reads the file, the environment and the flags; what comes later in this order
// wins. The file is the one named by --config, else by MESSAGERIE_CONFIG, else
// config.yaml beside the binary, if there is one. An empty environment variable counts
// as not given. The error is an *[Error] that lists everything that is wrong.
func Load(source Source) (Config, error) {
	cfg := Default()
	l := loader{
		source: source,
		keys:   map[string]key{},
		viper:  viper.New(),
		origin: map[string]string{},
		faulty: map[string]bool{},
	}
	for _, k := range cfg.keys() {
		l.keys[k.name] = k
	}
	arguments := l.arguments()
	cfg.file = l.file(arguments)
	l.readFile(cfg.file)
	l.readEnvironment()
	l.readFlags(arguments)
	l.fill(&cfg)
	l.checkTogether(cfg)
	if len(l.problems) > 0 {
		return Config{}, &Error{Problems: l.problems}
	}
	cfg.warnings = l.warnings
	return cfg, nil
}

type loader struct {
	source   Source
	keys     map[string]key
	viper    *viper.Viper      // converted values: the file below, environment and flags above
	origin   map[string]string // key → where its value was given
	faulty   map[string]bool   // keys with a problem of their own
	problems []Problem
	warnings []string
}

// argument is one flag of ours, and its value.
type argument struct{ flag, value string }

// arguments finds our flags anywhere, in both spellings: PocketBase parses the rest
// later. As there, "--" ends the flags.
func (l *loader) arguments() []argument {
	var found []argument
	args := l.source.Args
	for i := 0; i < len(args) && args[i] != "--"; i++ {
		flag, value, joined := strings.Cut(args[i], "=")
		if flags[flag] == "" && flag != fileFlag {
			continue
		}
		if !joined {
			i++
			if i == len(args) {
				l.problem("", "flag "+flag, "has no value")
				break
			}
			value = args[i]
		}
		found = append(found, argument{flag, value})
	}
	return found
}

// file returns the path of the file to read, "" for none.
func (l *loader) file(arguments []argument) string {
	path := ""
	for _, a := range arguments {
		if a.flag == fileFlag {
			path = a.value
			if path == "" {
				l.problem("", "flag "+fileFlag, "is empty; allowed: the path of a file")
			}
		}
	}
	if path != "" {
		return path
	}
	if named := l.environment()[fileVariable]; named != "" {
		return named
	}
	if l.source.BinaryDir == "" {
		return ""
	}
	beside := filepath.Join(l.source.BinaryDir, fileName)
	if exists(beside) {
		return beside
	}
	if lookalike := filepath.Join(l.source.BinaryDir, "config.yml"); exists(lookalike) {
		l.problem("", "file "+lookalike, "is ignored: rename it to "+fileName)
	}
	return ""
}

// exists is also true of a file that can't be examined: reading it reports why.
func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// environment returns the variables that have our prefix.
func (l *loader) environment() map[string]string {
	ours := map[string]string{}
	for _, entry := range l.source.Env {
		name, value, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, environmentPrefix) {
			ours[name] = value
		}
	}
	return ours
}

func (l *loader) readEnvironment() {
	ours := l.environment()
	delete(ours, fileVariable)
	for _, k := range l.sorted() {
		name := EnvironmentName(k.name)
		if raw := ours[name]; raw != "" {
			l.set(k, raw, "environment variable "+name)
		}
		delete(ours, name)
	}
	for _, name := range sortedNames(retired) {
		variable := EnvironmentName(name)
		if ours[variable] != "" {
			l.warn(name, "environment variable "+variable, retired[name])
		}
		delete(ours, variable)
	}
	for _, name := range sortedNames(ours) {
		l.problem("", "environment variable "+name, "is unknown"+didYouMean(name, l.environmentNames()))
	}
}

func (l *loader) readFlags(arguments []argument) {
	for _, a := range arguments {
		if a.flag != fileFlag {
			l.set(l.keys[flags[a.flag]], a.value, "flag "+a.flag)
		}
	}
}

// set converts a text and puts it above the file.
func (l *loader) set(k key, raw, origin string) {
	converted, err := k.value.fromText(raw)
	if err != nil {
		l.refuse(k, raw, origin, err)
		return
	}
	l.viper.Set(k.name, converted)
	l.given(k, converted, origin)
}

func (l *loader) given(k key, converted any, origin string) {
	if k.emptyLeavesItOpen && k.value.isEmpty(converted) {
		origin = ""
	}
	l.origin[k.name] = origin
}

// fill copies the values that won from viper into the fields.
func (l *loader) fill(cfg *Config) {
	cfg.named = l.origin
	for _, k := range cfg.keys() {
		if v := l.viper.Get(k.name); v != nil {
			k.value.assign(v)
		}
	}
	if !cfg.Named("server.data_dir") {
		cfg.Server.DataDir = filepath.Join(l.source.BinaryDir, cfg.Server.DataDir)
	}
}

// checkTogether checks values that are valid alone but not together.
func (l *loader) checkTogether(cfg Config) {
	limits := cfg.Limits
	l.together(cfg.Superuser.Email != "" && cfg.Superuser.Password == "", "is missing; allowed: both keys, or neither",
		"superuser.password", "superuser.email")
	l.together(cfg.Superuser.Email == "" && cfg.Superuser.Password != "", "is missing; allowed: both keys, or neither",
		"superuser.email", "superuser.password")
	l.together(limits.PageDefault > limits.PageMax, "is more than limits.page_max; allowed: at most that",
		"limits.page_default", "limits.page_max")
	l.together(limits.ListConversations > limits.PageMax, "is more than limits.page_max; allowed: at most that",
		"limits.list_conversations", "limits.page_max")
	l.together(limits.TypingTimeout <= limits.TypingInterval, "is not longer than limits.typing_interval; allowed: more than that",
		"limits.typing_timeout", "limits.typing_interval")
	l.together(limits.FrameBytes < 4*limits.ContentCharacters+1024, "is too small for limits.content_characters; allowed: at least four times that, plus 1024",
		"limits.frame_bytes", "limits.content_characters")
	l.together(cfg.Metrics.Address != "" && cfg.Metrics.Token == "" && !isLoopback(cfg.Metrics.Address),
		"can be reached from other machines without metrics.token; allowed: a token as well, or 127.0.0.1", "metrics.address", "metrics.token")
	l.checkProviders(cfg)
	l.checkCluster(cfg.Cluster)
}

func (l *loader) together(impossible bool, what string, names ...string) {
	var origins []string
	for _, name := range names {
		if l.faulty[name] {
			return
		}
		if o := l.origin[name]; o != "" && !slices.Contains(origins, o) {
			origins = append(origins, o)
		}
	}
	if impossible {
		l.problem(names[0], strings.Join(origins, ", "), what)
	}
}

// sorted is every key in the order of the file.
func (l *loader) sorted() []key {
	var c Config
	return c.keys()
}

func (l *loader) keyNames() []string {
	var names []string
	for _, k := range l.sorted() {
		names = append(names, k.name)
	}
	return names
}

func (l *loader) environmentNames() []string {
	names := []string{fileVariable}
	for _, k := range l.sorted() {
		names = append(names, EnvironmentName(k.name))
	}
	return names
}

func splitKey(name string) (section, leaf string) {
	section, leaf, _ = strings.Cut(name, ".")
	return section, leaf
}

func (l *loader) checkCluster(c Cluster) {
	if c.Node == "" {
		return
	}
	l.together(c.Listen == "", "is missing; allowed: where the other nodes reach this one", "cluster.listen", "cluster.node")
	l.together(c.Key == "" && c.Certificate == "", "is missing; allowed: a key, or certificates", "cluster.key", "cluster.node")
	l.together(c.Key != "" && c.Certificate != "", "is set beside cluster.key; allowed: one of both", "cluster.certificate", "cluster.key")
	l.together(c.Certificate != "" && (c.CertificateKey == "" || c.Authority == ""),
		"is missing; allowed: all three files", "cluster.authority", "cluster.certificate")
}
