// Package wallclock shifts the clock of one running process, for those who test what becomes of it.
//
// A program for Linux doesn't ask the kernel for the time: it calls code that the kernel maps into each process, the
// vDSO (vdso(7)). Replacing that code of one process shifts its clock and nobody else's, while it runs and without its
// help; a debugger sets breakpoints there in the same way.
package wallclock

import (
	"bytes"
	"context"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// ErrImpossible says that this machine, or this user, can't shift a clock.
var ErrImpossible = errors.New("not possible here")

// poll is how often a process is looked at that is about to stop.
const poll = 5 * time.Millisecond

// shifted is clock_gettime for amd64 with seconds added to the wall clock, to be completed with their number.
var shifted = []byte{
	0xb8, 0xe4, 0x00, 0x00, 0x00, // mov eax, SYS_clock_gettime
	0x0f, 0x05, // syscall
	0x85, 0xff, // test edi, edi
	0x75, 0x07, // jne +7: not CLOCK_REALTIME
	0x48, 0x81, 0x06, // add qword [rsi], …
}

const ret = 0xc3

// Shift adds to the wall clock of a process, from now on until it ends.
func Shift(ctx context.Context, pid int, by time.Duration) error {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return fmt.Errorf("%w: the clock of one process is shifted on Linux and amd64 only", ErrImpossible)
	}
	memory, err := os.OpenFile(fmt.Sprintf("/proc/%d/mem", pid), os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("%w: write to the memory of the server: %w", ErrImpossible, err)
	}
	defer func() { _ = memory.Close() }() // nothing is buffered
	from, to, err := vdsoOf(pid)
	if err != nil {
		return err
	}
	at, err := symbolOf(memory, from, to, "__vdso_clock_gettime")
	if err != nil {
		return err
	}
	code := binary.LittleEndian.AppendUint32(bytes.Clone(shifted), uint32(int32(by/time.Second)))
	return whileStopped(ctx, pid, from, to, func() error {
		if _, err := memory.WriteAt(append(code, ret), at); err != nil {
			return fmt.Errorf("%w: replace the clock of the server: %w", ErrImpossible, err)
		}
		return nil
	})
}

// whileStopped stops a process at a moment at which none of its threads is between two addresses.
func whileStopped(ctx context.Context, pid int, from, to int64, do func() error) error {
	for ctx.Err() == nil {
		if err := signal(ctx, pid, "STOP"); err != nil {
			return err
		}
		isInside, err := anyThreadIn(pid, from, to)
		if err == nil && !isInside {
			err = do()
		}
		if contErr := signal(ctx, pid, "CONT"); err != nil || contErr != nil || !isInside {
			return errors.Join(err, contErr)
		}
		time.Sleep(poll)
	}
	return ctx.Err()
}

func signal(ctx context.Context, pid int, name string) error {
	if out, err := exec.CommandContext(ctx, "kill", "-"+name, strconv.Itoa(pid)).CombinedOutput(); err != nil {
		return fmt.Errorf("kill -%s: %w: %s", name, err, out)
	}
	return nil
}

// anyThreadIn reports whether a thread of a stopped process is executing code between two addresses. It waits until
// every thread has stopped.
func anyThreadIn(pid int, from, to int64) (bool, error) {
	threads, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		return false, err
	}
	for _, thread := range threads {
		path := fmt.Sprintf("/proc/%d/task/%s/", pid, thread.Name())
		for {
			stat, err := os.ReadFile(path + "stat")
			if err != nil {
				return false, err
			}
			if _, state, _ := strings.Cut(string(stat), ") "); strings.HasPrefix(state, "T") {
				break
			}
			time.Sleep(poll)
		}
		syscall, err := os.ReadFile(path + "syscall") // ends with the stack pointer and the program counter
		if err != nil {
			return false, err
		}
		fields := strings.Fields(string(syscall))
		counter, err := strconv.ParseInt(fields[len(fields)-1], 0, 64)
		if err != nil {
			return false, fmt.Errorf("%ssyscall: %s", path, syscall)
		}
		if from <= counter && counter < to {
			return true, nil
		}
	}
	return false, nil
}

// vdsoOf returns where the vDSO of a process is.
func vdsoOf(pid int) (from, to int64, err error) {
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		return 0, 0, err
	}
	for line := range strings.Lines(string(maps)) {
		if strings.HasSuffix(strings.TrimSpace(line), "[vdso]") {
			_, err := fmt.Sscanf(line, "%x-%x", &from, &to)
			return from, to, err
		}
	}
	return 0, 0, fmt.Errorf("%w: the server has no vDSO", ErrImpossible)
}

// symbolOf returns the address of a function in a shared object that is mapped.
func symbolOf(memory *os.File, from, to int64, name string) (int64, error) {
	image := make([]byte, to-from)
	if _, err := memory.ReadAt(image, from); err != nil {
		return 0, err
	}
	object, err := elf.NewFile(bytes.NewReader(image))
	if err != nil {
		return 0, err
	}
	symbols, err := object.DynamicSymbols()
	if err != nil {
		return 0, err
	}
	for _, s := range symbols {
		if s.Name == name {
			return from + int64(s.Value), nil
		}
	}
	return 0, fmt.Errorf("%w: the vDSO has no %s", ErrImpossible, name)
}
