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

// patience bounds a start.
const patience = 60 * time.Second

// Server is a process that a test may kill and start again.
type Server struct {
	Address string // host:port, always the same

	name    string
	command func() *exec.Cmd
	ready   func() error // nil once it serves

	mu   *sync.Mutex
	proc *process // nil while killed
}

func newServer(name, port string, command func() *exec.Cmd) Server {
	s := Server{Address: net.JoinHostPort("127.0.0.1", port), name: name, command: command, mu: &sync.Mutex{}}
	s.ready = func() error { return listening(s.Address) }
	return s
}

// open starts the server for the first time, and kills it after the test.
func (s *Server) open(t testing.TB) {
	t.Helper()
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("%s on %s wrote:\n%s", s.name, s.Address, s.log())
		}
		s.Kill()
	})
	if err := s.start(); err != nil {
		t.Fatalf("clickhousetest: start %s: %v", s.name, err)
	}
}

func (s *Server) start() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	proc, err := launch(s.command(), s.ready)
	if err != nil {
		return err
	}
	s.proc = proc
	return nil
}

// Kill ends the process as a power cut would end it, if it still runs.
func (s *Server) Kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.proc != nil {
		s.proc.kill()
		s.proc = nil
	}
}

// Restart starts a killed server on the same data and address, and one that
// runs after killing it.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	s.Kill()
	if err := s.start(); err != nil {
		t.Fatalf("clickhousetest: restart %s: %v", s.name, err)
	}
}

// log is what the process that runs now has written.
func (s *Server) log() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.proc == nil {
		return ""
	}
	return s.proc.out.String()
}

func (s *Server) running() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.proc != nil
}

// process is a server's process.
type process struct {
	cmd    *exec.Cmd
	stdin  io.Closer // held open as long as this process lives
	out    *output
	exited chan struct{} // closed once it is gone
}

// launch starts a command and waits until it is ready. It is killed with this
// process.
func launch(cmd *exec.Cmd, ready func() error) (*process, error) {
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
		if err = ready(); err == nil {
			return p, nil
		}
		select {
		case <-p.exited:
			return nil, fmt.Errorf("%s ended at once:\n%s", cmd.Path, p.out)
		case <-end:
			p.kill()
			return nil, fmt.Errorf("%s is not ready after %s: %w\n%s", cmd.Path, patience, err, p.out)
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
