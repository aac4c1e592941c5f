package process

import (
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"regexp"
	"sync"
	"testing"
	"time"
)

// fault is what the proxy does to an insert.
type fault int

const (
	pass  fault = iota
	cut         // the connection ends in the middle of what the client sends
	drop        // the connection ends when the answer comes: the insert took effect
	delay       // the answer comes late
	faults
)

func (f fault) String() string { return [faults]string{"passed", "cut", "dropped", "delayed"}[f] }

// maxDelay is how late a delayed answer comes at most.
const maxDelay = 200 * time.Millisecond

// proxy stands between a collector and its database. While it is disturbed,
// some inserts fare badly; everything else passes.
type proxy struct {
	address string
	target  string
	answer  int // which of the server's writes after an insert is the answer to it, from 1
	l       net.Listener
	between sync.RWMutex // read-locked by every insert under way

	mu      sync.Mutex
	rng     *rand.Rand
	trouble int         // one of so many inserts meets a fault; 0: none
	gap     int         // inserts that pass until the next fault
	done    [faults]int // inserts by what was done to them
	open    map[net.Conn]bool
}

// newProxy starts a proxy without trouble.
func newProxy(t *testing.T, target string, answer int, rng *rand.Rand) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{address: l.Addr().String(), target: target, answer: answer, l: l, rng: rng, open: map[net.Conn]bool{}}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			running.Go(func() { p.serve(client) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		p.mu.Lock()
		for conn := range p.open {
			_ = conn.Close()
		}
		p.mu.Unlock()
		running.Wait()
	})
	return p
}

// disturb has one of so many inserts meet a fault; 0 ends the trouble.
func (p *proxy) disturb(one int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.trouble = one
}

// quiet does something while no insert is under way; those that come meanwhile
// wait in front of the server.
func (p *proxy) quiet(do func()) {
	p.between.Lock()
	defer p.between.Unlock()
	do()
}

// count is how many inserts met each fault.
func (p *proxy) count() [faults]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.done
}

// hold keeps connections, so that they can be closed at the end.
func (p *proxy) hold(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		p.open[c] = true
	}
}

func (p *proxy) close(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		_ = c.Close()
		delete(p.open, c)
	}
}

// serve carries one connection, until an end or a fault closes it.
func (p *proxy) serve(client net.Conn) {
	p.hold(client)
	defer p.close(client)
	server, err := net.DialTimeout("tcp", p.target, time.Second)
	if err != nil {
		return // as if nobody listened
	}
	p.hold(server)
	defer p.close(server)
	e := &exchange{proxy: p}
	var both sync.WaitGroup
	both.Go(func() {
		_ = carry(server, client, e.sent) // how it ended makes no difference
		p.close(server, client)
	})
	both.Go(func() {
		_ = carry(client, server, e.answered)
		p.close(server, client)
	})
	both.Wait()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.end()
}

// errFault ends a connection on purpose.
var errFault = errors.New("fault")

// carry copies, and asks at each piece how much of it may pass.
func carry(to io.Writer, from io.Reader, ask func([]byte) (int, error)) error {
	piece := make([]byte, 32<<10)
	for {
		n, err := from.Read(piece)
		if n > 0 {
			pass, fault := ask(piece[:n])
			if _, err := to.Write(piece[:pass]); err != nil {
				return err
			}
			if fault != nil {
				return fault
			}
		}
		if err != nil {
			return err
		}
	}
}

// insert is how one begins, in SQL or in an URL.
var insert = regexp.MustCompile(`(?i)insert[ +]into[ +]stats_`)

// exchange is what happens on one connection.
type exchange struct {
	proxy *proxy

	mu      sync.Mutex
	holds   bool // proxy.between
	fault   fault
	pending int // the server's writes until the answer to the insert; 0: none is under way
	cutIn   int // what the client sends until the cut, in pieces
}

// sent looks at what the client sends.
func (e *exchange) sent(piece []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if insert.Match(piece) {
		e.begin()
	} else if e.fault == cut && e.pending > 0 {
		e.cutIn--
	}
	if e.fault == cut && e.pending > 0 && e.cutIn == 0 {
		return e.proxy.part(len(piece)), errFault
	}
	return len(piece), nil
}

// begin decides what happens to an insert.
func (e *exchange) begin() {
	p := e.proxy
	if !e.holds {
		p.between.RLock()
		e.holds = true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	e.fault, e.pending, e.cutIn = pass, p.answer, 0
	if p.trouble > 0 {
		p.gap--
	}
	if p.trouble > 0 && p.gap < 0 {
		p.gap = p.rng.IntN(2*p.trouble - 1)
		e.fault = p.rarest()
		if e.fault == cut && p.answer > 1 { // the rows follow in a piece of their own
			e.cutIn = p.rng.IntN(p.answer)
		}
	}
	p.done[e.fault]++
}

// rarest is the fault that there was least of; so a test need not wait long for
// any. The caller holds p.mu.
func (p *proxy) rarest() fault {
	least := cut
	for f := cut; f < faults; f++ {
		if p.done[f] < p.done[least] {
			least = f
		}
	}
	return least
}

// end says that no insert is under way. The caller holds e.mu.
func (e *exchange) end() {
	if e.holds {
		e.proxy.between.RUnlock()
		e.holds = false
	}
}

// answered looks at what the server sends.
func (e *exchange) answered(piece []byte) (int, error) {
	e.mu.Lock()
	if e.pending > 0 {
		e.pending--
	}
	last := e.pending == 0
	f := e.fault
	if last {
		e.fault = pass
		e.end()
	}
	e.mu.Unlock()
	switch {
	case last && f == drop:
		return 0, errFault
	case last && f == delay:
		time.Sleep(e.proxy.late())
	}
	return len(piece), nil
}

// part is how much of a piece passes a cut: anything but all.
func (p *proxy) part(n int) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.rng.IntN(n)
}

func (p *proxy) late() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return time.Duration(p.rng.Int64N(int64(maxDelay)))
}
