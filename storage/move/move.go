// Package move carries a store's whole content to another one, of any engine,
// and proves that both hold the same.
//
// It stands beside a hit's journey: sites with their goals, users, tokens and the
// trail of what was erased go over under their own numbers, then the aggregates, one site and day at a time
// ([storage.Mover]). Log-in sessions stay behind. Nothing may write to either
// store meanwhile; what did is found by the verification at the end, see
// verify.go.
//
// # Interruption
//
// A part goes in under the token move/ID/SITE/DAY, which makes it harmless to
// send it again; but a ClickHouse server remembers tokens for a while only. So
// how far a move has come is noted in the target itself after every part
// ([record]): a later run goes on behind the last part that is noted, and sends
// at most one part again. The note is in the target, not in a file, because it
// has to share the target's fate: restored from a backup, or filled by another
// machine, the target still knows what it holds.
package move

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// Store is what an end of a move has to be.
type Store interface {
	storage.Store
	storage.Mover
	storage.Eraser
}

// Options say what goes where.
type Options struct {
	From, To Store
	// Origin names From in To's note, so that a move is not gone on with from
	// another store; it must hold no password.
	Origin string
	// Keep is the first day that is moved: what is older than the retention would
	// be deleted at once. It is noted when a move begins.
	Keep foule.Day
	// Add lets the sites go into a store that has others already; users and tokens
	// stay behind then, and so do erasures of sites that are no more.
	Add bool
	Now func() time.Time
	// Progress, if not nil, is told after each part.
	Progress func(Progress)
}

// Stage is what a move is doing.
type Stage string

// The stages, in order.
const (
	Copying   Stage = "copy"
	Verifying Stage = "verify"
)

// Progress is how far a stage has come.
type Progress struct {
	Stage       Stage
	Done, Total int // parts; in the verification also the sums of whole sites
	Rows        int64
}

// Result is what a move came to.
type Result struct {
	ID      string // of the move, in its tokens
	Resumed bool   // an earlier run had begun it
	Parts   int    // a site's rows of a day each
	Rows    int64  // copied by this run
	LeftOut int    // parts older than the retention
	Sites   int
	Users   int
	Tokens  int
	Erased  int // entries of the trail of erasures
	Check   Check
}

// The reasons for which a target is refused. Each is wrapped with what was found.
var (
	ErrOccupied = errors.New("the target holds data of another origin: take an empty one, or bring the sites in beside them with --add")
	ErrBegun    = errors.New("the target was begun from another store: finish that move, or take an empty target")
	ErrBoth     = errors.New("the sites of these numbers have rows in both stores, which cannot be told apart afterwards")
)

// metaKey is where a target keeps its note.
const metaKey = "move"

// record is the note in the target: which move filled it, and how far it came.
type record struct {
	ID     string       `json:"id"`
	Origin string       `json:"origin"`
	Began  int64        `json:"began"` // Unix seconds
	Keep   foule.Day    `json:"keep"`
	Add    bool         `json:"add"`
	Done   int          `json:"done"` // parts
	Site   foule.SiteID `json:"site"` // the last of them
	Day    foule.Day    `json:"day"`
	// Copied is when the last part went in, 0 before; Verified when both were found
	// to hold the same.
	Copied   int64 `json:"copied"`
	Verified int64 `json:"verified"`
}

// move is a move under way.
type move struct {
	Options
	note   record
	result Result
}

// Run moves, or goes on with a move that was interrupted, and verifies. A
// difference is no error: see Result.Check. When ctx ends, it stops between two
// parts with the context's error; the same call goes on.
func Run(ctx context.Context, o Options) (Result, error) {
	m := &move{Options: o}
	err := m.run(ctx)
	if err != nil {
		err = fmt.Errorf("move: %w", err)
	}
	return m.result, err
}

func (m *move) run(ctx context.Context) error {
	parts, err := m.begin(ctx)
	if err != nil {
		return err
	}
	m.result.ID, m.result.Parts = m.note.ID, len(parts)
	if m.note.Copied == 0 {
		if err := m.settings(ctx); err != nil {
			return err
		}
		if err := m.copy(ctx, parts); err != nil {
			return err
		}
	}
	if m.result.Check, err = m.verify(ctx, parts); err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	if !m.result.Check.Equal() {
		return nil
	}
	m.note.Verified = m.Now().Unix()
	return m.write(ctx)
}

// begin reads the note, or makes one if the target is fit for it, and lists
// what is to be moved.
func (m *move) begin(ctx context.Context) ([]storage.Part, error) {
	text, err := m.To.Meta(ctx, metaKey)
	if err != nil {
		return nil, err
	}
	var found record
	if text != "" {
		if err := json.Unmarshal([]byte(text), &found); err != nil {
			return nil, fmt.Errorf("the target's note about an earlier move: %w", err)
		}
	}
	parts, err := m.From.Parts(ctx)
	if err != nil {
		return nil, fmt.Errorf("source: %w", err)
	}
	switch {
	case text != "" && found.Origin == m.Origin:
		m.note, m.result.Resumed = found, true
	case text != "" && found.Copied == 0:
		return nil, fmt.Errorf("%w: it is %s", ErrBegun, found.Origin)
	default:
		if err := m.admit(ctx, parts); err != nil {
			return nil, err
		}
		m.note = record{ID: newID(), Origin: m.Origin, Began: m.Now().Unix(), Keep: m.Keep, Add: m.Add}
		if err := m.write(ctx); err != nil {
			return nil, err
		}
	}
	all := len(parts)
	parts = slices.DeleteFunc(parts, func(p storage.Part) bool { return p.Day < max(m.note.Keep, m.Keep) })
	m.result.LeftOut = all - len(parts)
	return parts, nil
}

func newID() string {
	var b [8]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// admit says whether the target may be filled. A store fresh from its first
// start (a site without rows, an admin without a password) counts as empty.
func (m *move) admit(ctx context.Context, parts []storage.Part) error {
	there, err := m.To.Parts(ctx)
	if err != nil {
		return fmt.Errorf("target: %w", err)
	}
	if m.Add {
		return disjoint(parts, there)
	}
	sites, err1 := m.To.Sites(ctx)
	users, err2 := m.To.Users(ctx)
	tokens, err3 := m.To.Tokens(ctx)
	trail, err4 := m.To.Erasures(ctx)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return fmt.Errorf("target: %w", err)
	}
	var found []string
	if n := len(there); n > 0 {
		found = append(found, fmt.Sprintf("the figures of %d days of sites", n))
	}
	if n := len(sites); n > 1 {
		found = append(found, fmt.Sprintf("%d sites", n))
	}
	if slices.ContainsFunc(users, func(u storage.User) bool { return u.PasswordHash != "" }) {
		found = append(found, "users with a password")
	}
	if n := len(tokens); n > 0 {
		found = append(found, fmt.Sprintf("%d tokens", n))
	}
	if n := len(trail); n > 0 {
		found = append(found, fmt.Sprintf("a trail of %d erasures", n))
	}
	if len(found) > 0 {
		return fmt.Errorf("%w: it has %s", ErrOccupied, strings.Join(found, ", "))
	}
	return nil
}

// disjoint refuses sites that have rows in both stores.
func disjoint(parts, there []storage.Part) error {
	var both []string
	counted := sitesOf(there)
	for _, id := range sitesOf(parts) {
		if slices.Contains(counted, id) {
			both = append(both, fmt.Sprint(id))
		}
	}
	if len(both) > 0 {
		return fmt.Errorf("%w: %s", ErrBoth, strings.Join(both, ", "))
	}
	return nil
}

// sitesOf gives the sites of parts, ascending.
func sitesOf(parts []storage.Part) (ids []foule.SiteID) {
	for _, p := range parts {
		ids = append(ids, p.Site)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// write keeps the note. What is in the target has to be noted even if the
// caller has had enough.
func (m *move) write(ctx context.Context) error {
	text, err := json.Marshal(m.note)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteTime)
	defer cancel()
	if err := m.To.SetMeta(ctx, metaKey, string(text)); err != nil {
		return fmt.Errorf("note how far it came: %w", err)
	}
	return nil
}

const noteTime = 30 * time.Second

// settings carries sites, goals, users and tokens; doing it again does no harm.
func (m *move) settings(ctx context.Context) error {
	sites, err := m.From.Sites(ctx)
	if err != nil {
		return fmt.Errorf("source: %w", err)
	}
	for _, s := range sites {
		last, err := m.From.LastGoal(ctx, s.ID)
		if err != nil {
			return fmt.Errorf("source: %w", err)
		}
		if err := m.To.PutSite(ctx, s, last); err != nil {
			return fmt.Errorf("target: %w", err)
		}
	}
	m.result.Sites = len(sites)
	if err := m.trail(ctx, sites); err != nil || m.note.Add {
		return err
	}
	users, err1 := m.From.Users(ctx)
	tokens, err2 := m.From.Tokens(ctx)
	if err := errors.Join(err1, err2); err != nil {
		return fmt.Errorf("source: %w", err)
	}
	for _, u := range users {
		if err := m.To.PutUser(ctx, u); err != nil {
			return fmt.Errorf("target: user %d: %w", u.ID, err)
		}
	}
	for _, t := range tokens {
		if err := m.To.PutToken(ctx, t); err != nil {
			return fmt.Errorf("target: token %d: %w", t.ID, err)
		}
	}
	m.result.Users, m.result.Tokens = len(users), len(tokens)
	return nil
}

// trail carries what was erased. Beside other sites it takes numbers of its own,
// unless an earlier run has brought it.
func (m *move) trail(ctx context.Context, sites []foule.Site) error {
	from, err := m.From.Erasures(ctx)
	if err != nil {
		return fmt.Errorf("source: %w", err)
	}
	there, err := m.To.Erasures(ctx)
	if err != nil {
		return fmt.Errorf("target: %w", err)
	}
	for _, e := range slices.Backward(from) { // the oldest first
		if m.note.Add {
			e.ID = 0
			moved := slices.ContainsFunc(sites, func(s foule.Site) bool { return s.ID == e.Site })
			known := func(x storage.Erasure) bool {
				return x.Site == e.Site && x.Kind == e.Kind && x.Begun == e.Begun && x.Salt == e.Salt
			}
			if !moved || slices.ContainsFunc(there, known) {
				continue
			}
		}
		if err := m.To.PutErasure(ctx, e); err != nil {
			return fmt.Errorf("target: erasure %d: %w", e.ID, err)
		}
		m.result.Erased++
	}
	return nil
}

// copy carries the parts that the note does not name yet; one is in memory at a time.
func (m *move) copy(ctx context.Context, parts []storage.Part) error {
	for i, p := range parts {
		if m.note.Done > 0 && !after(p, storage.Part{Site: m.note.Site, Day: m.note.Day}) {
			continue
		}
		b, err := m.From.Part(ctx, p)
		if ctx.Err() != nil { // what the stores say of it, with addresses and statements, helps nobody
			return fmt.Errorf("stopped after %d of %d parts; the same command goes on: %w", i, len(parts), ctx.Err())
		}
		if err != nil {
			return fmt.Errorf("source: site %d, %s: %w", p.Site, p.Day, err)
		}
		b.Token = fmt.Sprintf("move/%s/%d/%d", m.note.ID, p.Site, p.Day)
		err = m.To.Apply(ctx, b)
		if err != nil && ctx.Err() != nil {
			return fmt.Errorf("stopped after %d of %d parts; the same command goes on: %w", i, len(parts), ctx.Err())
		}
		if err != nil {
			return fmt.Errorf("target: site %d, %s, after %d of %d parts; the same command goes on: %w", p.Site, p.Day, i, len(parts), err)
		}
		m.note.Done, m.note.Site, m.note.Day = i+1, p.Site, p.Day
		if err := m.write(ctx); err != nil {
			return err
		}
		m.result.Rows += rowsOf(b)
		m.tell(Progress{Copying, i + 1, len(parts), m.result.Rows})
	}
	m.note.Copied = m.Now().Unix()
	return m.write(ctx)
}

func after(p, q storage.Part) bool { return p.Site > q.Site || p.Site == q.Site && p.Day > q.Day }

func rowsOf(b *storage.Batch) int64 { return int64(len(b.Minutes) + len(b.Hours) + len(b.Days)) }

func (m *move) tell(p Progress) {
	if m.Progress != nil {
		m.Progress(p)
	}
}
