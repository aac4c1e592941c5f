package journal

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// model is what the owner of a journal believes: the groups acknowledged in
// each segment that was not removed.
type model struct {
	groups map[uint64][]string
	handed map[uint64]string // what a segment held when Rotate gave it
	leaves map[uint64]bool   // Remove failed: what the file holds no longer matters
	last   uint64            // highest number seen
}

func (m *model) segment(n uint64) string { return strings.Join(m.groups[n], " ") }

// TestModel drives a journal on a disk that fails syncs at random, through
// restarts, and compares it with what was acknowledged.
func TestModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		o := Options{Dir: t.TempDir(), MaxBytes: 4096, Ack: Ack(rapid.IntRange(0, 1).Draw(rt, "ack")), Preallocate: 64}
		j, _, err := Open(o)
		if err != nil {
			rt.Fatal(err)
		}
		defer func() { j.Close() }()
		m := model{groups: map[uint64][]string{}, handed: map[uint64]string{}, leaves: map[uint64]bool{}}
		serial := 0
		rt.Repeat(map[string]func(*rapid.T){
			"append": func(rt *rapid.T) {
				var group []string
				for range rapid.IntRange(1, 4).Draw(rt, "records") {
					serial++
					group = append(group, fmt.Sprint("r", serial))
				}
				text := strings.Join(group, " ")
				if err := j.Append(int64(serial), records(text)); err != nil {
					return
				}
				s, ok := j.OpenSegment()
				if !ok || s.Number < m.last {
					rt.Fatalf("segment %d is open after %d", s.Number, m.last)
				}
				m.last = s.Number
				m.groups[s.Number] = append(m.groups[s.Number], text)
			},
			"rotate": func(rt *rapid.T) {
				if s, ok, err := j.Rotate(); ok && err == nil {
					m.handed[s.Number] = m.segment(s.Number)
				}
			},
			"remove": func(rt *rapid.T) {
				if all := j.Segments(); len(all) > 0 {
					n := rapid.SampledFrom(all).Draw(rt, "segment").Number
					if m.leaves[n] = true; j.Remove(n) == nil {
						delete(m.groups, n)
					}
				}
			},
			"bad disk": func(rt *rapid.T) {
				j.badDisk(rapid.IntRange(1, 4).Draw(rt, "sync"), rapid.Bool().Draw(rt, "stays"))
			},
			"good disk": func(*rapid.T) { j.sync = syncFile },
			"restart": func(rt *rapid.T) {
				crash := rapid.Bool().Draw(rt, "crash")
				if crash {
					j.dir.Close()
					j.lock.Close()
				} else {
					j.Close()
				}
				var r Recovery
				if j, r, err = Open(o); err != nil {
					rt.Fatal(err)
				}
				if len(r.SetAside) > 0 {
					rt.Fatalf("set aside: %v", r.Corruptions)
				}
				m.adopt(rt, r.Segments)
			},
			"": func(rt *rapid.T) { m.check(rt, j) },
		})
	})
}

// adopt checks what a restart found. Acknowledged groups are all there; behind
// them a segment that was never handed out may hold groups that were refused
// while the disk failed, and those count from now on.
func (m *model) adopt(rt *rapid.T, found []Segment) {
	listed := map[uint64]bool{}
	for _, s := range found {
		listed[s.Number] = true
		if m.leaves[s.Number] {
			continue
		}
		text := readModel(rt, s.Path)
		handed, wasHanded := m.handed[s.Number]
		if wasHanded && text != handed {
			rt.Fatalf("segment %d was handed out as %q and is now %q", s.Number, handed, text)
		}
		if !strings.HasPrefix(text, m.segment(s.Number)) {
			rt.Fatalf("segment %d holds %q, acknowledged was %q", s.Number, text, m.segment(s.Number))
		}
		m.groups[s.Number] = []string{text}
		m.handed[s.Number] = text
		m.last = max(m.last, s.Number)
	}
	for n := range m.groups {
		if m.leaves[n] && !listed[n] {
			delete(m.groups, n)
		}
	}
}

func (m *model) check(rt *rapid.T, j *Journal) {
	all := j.Segments()
	if s, ok := j.OpenSegment(); ok {
		all = append(all, s)
	}
	if len(all) != len(m.groups) {
		rt.Fatalf("%d segments, want %d", len(all), len(m.groups))
	}
	var bytes int64
	for i, s := range all {
		if i > 0 && s.Number <= all[i-1].Number {
			rt.Fatalf("segments out of order: %v", all)
		}
		if want := len(strings.Fields(m.segment(s.Number))); s.Records != want {
			rt.Fatalf("segment %d has %d records, want %d", s.Number, s.Records, want)
		}
		bytes += s.Bytes
	}
	if j.Bytes() != bytes || bytes > j.options.MaxBytes {
		rt.Fatalf("Bytes %d, segments have %d", j.Bytes(), bytes)
	}
	for _, s := range j.Segments() {
		if m.leaves[s.Number] {
			continue
		}
		if got := readModel(rt, s.Path); got != m.segment(s.Number) {
			rt.Fatalf("segment %d holds %q, want %q", s.Number, got, m.segment(s.Number))
		}
	}
}

func readModel(rt *rapid.T, path string) string {
	var rs []string
	_, err := ReadSegment(path, func(r []byte) error { rs = append(rs, string(r)); return nil })
	if err != nil {
		rt.Fatal(errors.Join(errors.New(path), err))
	}
	return strings.Join(rs, " ")
}
