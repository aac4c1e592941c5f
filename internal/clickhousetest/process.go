package clickhousetest

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os/exec"
	"strconv"
	"sync"
	"testing"
	"time"
)

// process is a server's process.
type process struct {
	address string
	cmd     *exec.Cmd
	stdin   io.Closer // held open as long as this process lives
	out     *output
	exited  chan struct{} // closed once it is gone
}

// launch starts a command and waits until ready, which looks at what was
// written so far, gives its address. The process is killed with this one.
func launch(cmd *exec.Cmd, ready func(text string) (string, error)) (*process, error) {
	p := &process{cmd: cmd, out: &output{}, exited: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = p.out, p.out
	dieWithParent(cmd)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	p.stdin = stdin
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = cmd.Wait() // how it ended is told by its output
		close(p.exited)
	}()
	end := time.After(patience)
	for {
		if p.address, err = ready(p.log()); err == nil {
			return p, nil
		}
		select {
		case <-p.exited:
			return nil, fmt.Errorf("%s ended at once:\n%s", cmd.Path, p.log())
		case <-end:
			p.kill()
			return nil, fmt.Errorf("%s is not ready after %s: %w\n%s", cmd.Path, patience, err, p.log())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// kill returns when the process is gone.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // that it has ended already is fine
	<-p.exited
	_ = p.stdin.Close()
}

func (p *process) log() string { return p.out.String() }

// output keeps what a process writes.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// freePorts finds loopback ports that nobody listens on. They are below those
// that the kernel gives to connections, so that nobody takes one while its
// engine is killed, not even a client that knocks on it.
func freePorts(t testing.TB, n int) []string {
	t.Helper()
	var ports []string
	for range 1000 {
		if len(ports) == n {
			return ports
		}
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(15000+rand.IntN(15000))))
		if err != nil {
			continue
		}
		defer l.Close() // when all are found, so that they differ
		_, port, err := net.SplitHostPort(l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		ports = append(ports, port)
	}
	t.Fatal("clickhousetest: no port is free")
	return nil
}

// listening is true once somebody takes connections at the address.
func listening(address string) error {
	conn, err := net.DialTimeout("tcp", address, time.Second)
	if err != nil {
		return err
	}
	return conn.Close()
}
