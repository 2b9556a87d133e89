package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Where Linux has a group's memory limit: in version 2 of control groups, and in version 1.
var memoryGroups = []struct{ root, limit string }{
	{"/sys/fs/cgroup", "memory.max"},
	{"/sys/fs/cgroup/memory", "memory.limit_in_bytes"},
}

// limitMemory puts a process into a group that may have so many MiB; 0 sets no limit. The
// kernel ends a process that takes more.
func limitMemory(pid string, limit int) (free func(), err error) {
	free = func() {}
	if limit == 0 {
		return free, nil
	}
	for _, group := range memoryGroups {
		if _, err := os.Stat(filepath.Join(group.root, "cgroup.procs")); err != nil {
			continue
		}
		dir := filepath.Join(group.root, "messagerie-hostile-"+pid)
		if err := os.Mkdir(dir, 0o700); err != nil {
			return free, fmt.Errorf("limit the memory (as root, or without -memory): %w", err)
		}
		return func() { _ = os.Remove(dir) }, errors.Join( // empty once the process has ended
			os.WriteFile(filepath.Join(dir, group.limit), []byte(strconv.Itoa(limit<<20)), 0o600),
			os.WriteFile(filepath.Join(dir, "cgroup.procs"), []byte(pid), 0o600))
	}
	return free, errors.New("limit the memory: there are no control groups; run it without -memory")
}

// processorTime is what a process has used, 0 for one that has ended.
func processorTime(pid string) time.Duration {
	stat, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return 0
	}
	_, fields, _ := strings.Cut(string(stat), ") ") // its name comes before
	var used int64
	for _, field := range strings.Fields(fields)[11:13] { // utime and stime, see proc(5)
		ticks, _ := strconv.ParseInt(field, 10, 64)
		used += ticks
	}
	const tick = 10 * time.Millisecond // USER_HZ
	return time.Duration(used) * tick
}
