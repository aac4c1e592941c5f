package process

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience bounds everything that is waited for.
const patience = 60 * time.Second

var scratch string // holds the built command

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "foule-process-")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		scratch = dir
		return m.Run()
	}())
}

// build compiles the command once for all tests.
var build = sync.OnceValues(func() (string, error) {
	bin := filepath.Join(scratch, "collector")
	out, err := exec.Command("go", "build", "-o", bin, "foule.eu/foule/cmd/collector").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build the collector: %w\n%s", err, out)
	}
	return bin, nil
})

// collector is a running collector process.
type collector struct {
	cmd    *exec.Cmd
	out    *output
	log    *output
	ready  ready
	exited chan struct{} // closed once the process is gone
	err    error         // of Wait, set before exited is closed
}

// ready is the line that tells the addresses in use.
type ready struct{ Event, Tracking, Metrics, Dashboard, Setup string }

// start runs the collector over a data folder without waiting for it.
func start(t *testing.T, data string, flags ...string) *collector {
	t.Helper()
	bin, err := build()
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"run", "--data", data, "--listen", "127.0.0.1:0", "--dashboard-listen", "off", "--flush-interval", "50ms"}
	return launch(t, exec.Command(bin, append(args, flags...)...))
}

// launch starts a command that runs a collector.
func launch(t *testing.T, cmd *exec.Cmd) *collector {
	t.Helper()
	c := &collector{cmd: cmd, out: newOutput(), log: newOutput(), exited: make(chan struct{})}
	c.cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "TZ=UTC"}
	c.cmd.Stdout, c.cmd.Stderr = c.out, c.log
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		c.err = c.cmd.Wait()
		close(c.exited)
	}()
	t.Cleanup(c.kill)
	return c
}

// wait waits until the collector serves.
func (c *collector) wait(t *testing.T) {
	t.Helper()
	select {
	case c.ready = <-c.out.ready:
	case <-c.exited:
		t.Fatalf("the collector ended before it was ready: %v\n%s", c.err, c.log)
	case <-time.After(patience):
		t.Fatalf("the collector is not ready after %s\n%s", patience, c.log)
	}
}

// kill ends the process as a power cut would end it, if it still runs.
func (c *collector) kill() {
	_ = c.cmd.Process.Kill() // that it has ended already is fine
	<-c.exited
}

// stop asks the process to end and waits for it to say that all went well.
func (c *collector) stop(t *testing.T) {
	t.Helper()
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case <-c.exited:
	case <-time.After(patience):
		t.Fatalf("the collector does not end\n%s", c.log)
	}
	if c.err != nil {
		t.Fatalf("the collector ended with %v\n%s", c.err, c.log)
	}
}

// command runs another command of the collector and decodes its JSON answer.
func command(t *testing.T, into any, args ...string) {
	t.Helper()
	bin, err := build()
	if err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	cmd := exec.Command(bin, append(args, "--json")...)
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, into)
	}
	if err != nil {
		t.Fatalf("collector %v: %v\n%s%s", args, err, out, errs.Bytes())
	}
}

// output keeps what a process writes and finds the ready line in it.
type output struct {
	ready chan ready // gets one value

	mu   sync.Mutex
	text []byte
	line int // start of the first line not looked at
}

func newOutput() *output { return &output{ready: make(chan ready, 1)} }

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.text = append(o.text, b...)
	for {
		n := bytes.IndexByte(o.text[o.line:], '\n')
		if n < 0 {
			return len(b), nil
		}
		var r ready
		if json.Unmarshal(o.text[o.line:o.line+n], &r) == nil && r.Event == "ready" {
			o.ready <- r
		}
		o.line += n + 1
	}
}

func (o *output) Bytes() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	return bytes.Clone(o.text)
}

func (o *output) String() string { return string(o.Bytes()) }
