package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/BurntSushi/toml"

	"foule.eu/foule/anonymize"
	"foule.eu/foule/internal/config"
)

// instance is a collector in a process of its own, for a proof.
type instance struct {
	cmd    *exec.Cmd
	output *output
	exited chan struct{} // closed once the process is gone
	err    error         // of the process, set before exited is closed
	at     struct{ Tracking, Dashboard, Metrics, Setup string }
}

// instancePatience bounds the wait for a start and for an end.
const instancePatience = time.Minute

// instanceConfig is the operator's configuration, changed so that an instance
// touches nothing of the operator's, tells all it can, and believes this machine
// about addresses.
func instanceConfig(c config.Config, dir, data, runtimeDir string) config.Config {
	c.GeoFile = geoFile(c)
	if c.GeoFile == "" {
		c.GeoFile = "off"
	}
	c.Data, c.RuntimeDir = data, runtimeDir
	c.Listen, c.DashboardListen, c.MetricsListen = "127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0"
	c.LogLevel, c.AccessLog = "debug", filepath.Join(dir, accessLogName)
	c.FlushInterval = min(c.FlushInterval, 200*time.Millisecond)
	self := netip.MustParseAddr("127.0.0.1")
	if !slices.ContainsFunc(c.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(self) }) {
		c.TrustedProxies = append(slices.Clone(c.TrustedProxies), netip.PrefixFrom(self, 32))
	}
	return c
}

// accessLogName is the instance's access log, beside its data folder.
const accessLogName = "access.log"

// writeConfig writes a configuration as a file for its owner alone: it may hold
// the store's password, which must not stand in a list of processes.
func writeConfig(path string, c config.Config) error {
	values := map[string]string{}
	for i, v := range config.Values(c) {
		values[config.Settings[i].Name] = v
	}
	values["store"] = c.Store
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(toml.NewEncoder(f).Encode(values), f.Close())
}

// startInstance starts this program over a configuration file, and waits until
// it serves.
func startInstance(ctx context.Context, file string, out *output) (*instance, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	i := &instance{cmd: exec.Command(self, "run", "--config", file), output: out, exited: make(chan struct{})}
	i.cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "FOULE_") })
	i.cmd.Stdout, i.cmd.Stderr = out, out
	dieWithParent(i.cmd)
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // the kernel takes the thread for the parent
		defer runtime.UnlockOSThread()
		err := i.cmd.Start()
		started <- err
		if err == nil {
			i.err = i.cmd.Wait()
		}
		close(i.exited)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	select {
	case line := <-out.ready:
		return i, json.Unmarshal(line, &i.at)
	case <-i.exited:
		return nil, fmt.Errorf("the throw-away collector ended before it was ready: %w\n%s", i.err, out.Bytes())
	case <-ctx.Done():
		i.kill()
		return nil, ctx.Err()
	case <-time.After(instancePatience):
		i.kill()
		return nil, fmt.Errorf("the throw-away collector is not ready after %s\n%s", instancePatience, out.Bytes())
	}
}

// kill ends the process as a crash would, if it still runs.
func (i *instance) kill() {
	_ = i.cmd.Process.Kill() // that it has ended already is fine
	<-i.exited
}

// stop asks the process to end in order.
func (i *instance) stop() error {
	if err := i.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case <-i.exited:
	case <-time.After(instancePatience):
		i.kill()
	}
	if i.err != nil {
		return fmt.Errorf("the throw-away collector did not end well: %w\n%s", i.err, i.output.Bytes())
	}
	return nil
}

// output keeps what an instance writes, over several starts, and finds the line
// that says that it is ready.
type output struct {
	ready chan []byte // gets one value a start

	mu   sync.Mutex
	text []byte
	line int // start of the first line not looked at
}

func newOutput() *output { return &output{ready: make(chan []byte, 8)} }

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.text = append(o.text, b...)
	for {
		n := bytes.IndexByte(o.text[o.line:], '\n')
		if n < 0 {
			return len(b), nil
		}
		if line := o.text[o.line : o.line+n]; bytes.HasPrefix(line, []byte(`{`)) && bytes.Contains(line, []byte(`"event":"ready"`)) {
			o.ready <- bytes.Clone(line)
		}
		o.line += n + 1
	}
}

func (o *output) Bytes() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	return bytes.Clone(o.text)
}

// memoryFolder makes a private folder on a tmpfs, where the operator has keys
// wait or anywhere else; "" if there is none.
func memoryFolder(preferred string) string {
	for _, base := range []string{preferred, os.Getenv("XDG_RUNTIME_DIR"), "/dev/shm"} {
		if base == "" {
			continue
		}
		dir, err := os.MkdirTemp(base, "foule-prove-")
		if err != nil {
			continue
		}
		if anonymize.CheckRuntimeDir(dir) == nil {
			return dir
		}
		_ = os.Remove(dir) // it is empty
	}
	return ""
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
