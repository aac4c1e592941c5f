package ingest

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"foule.eu/foule"
	"foule.eu/foule/aggregate"
	"foule.eu/foule/ingest/journal"
)

// NewSequencer opens the shard's journal and brings the state back to where an
// earlier run left it: the last snapshot, then the segments after it, whose
// batches go to the store again (the token makes that harmless). Run and the
// drain's Run are to be started after it.
func NewSequencer(o SequencerOptions) (*Sequencer, *Drain, error) {
	j, recovery, err := journal.Open(journal.Options{
		Dir: filepath.Join(o.Dir, "journal"), Meta: o.Thresholds.Append(nil), Ack: o.Ack, MaxBytes: o.MaxBytes, Preallocate: preallocate,
	})
	if err != nil {
		return nil, nil, err
	}
	s := &Sequencer{
		SequencerOptions: o,
		queue:            make(chan *submission, queueLength),
		pool:             sync.Pool{New: newSubmission},
		stop:             make(chan struct{}), stopped: make(chan struct{}),
		journal: j, drain: newDrain(o.Store, o.Dir, o.Metrics, o.Log),
		snapshot: o.Now(),
	}
	s.report(recovery)
	if s.collector, err = collectorID(o.Dir); err != nil {
		j.Close()
		return nil, nil, fmt.Errorf("ingest: id of the journal: %w", err)
	}
	covered, err := s.loadState()
	if err == nil {
		err = s.replay(recovery.Segments, covered)
	}
	if err != nil {
		j.Close()
		return nil, nil, err
	}
	return s, s.drain, nil
}

// preallocate makes syncs of a new segment cheaper.
const preallocate = 4 << 20

func (s *Sequencer) report(r journal.Recovery) {
	if r.TruncatedBytes > 0 {
		s.Metrics.truncated.Add(int(r.TruncatedBytes))
		s.Log.Warn("the journal ended in hits that were never acknowledged; they were cut off", "segment", r.TornSegment, "bytes", r.TruncatedBytes)
	}
	for i, path := range r.SetAside {
		s.Metrics.setAside.Inc()
		s.Log.Error("a journal segment is damaged and was set aside; the hits after the damaged spot are not counted: keep the file and report it", "file", path, "error", r.Corruptions[i])
	}
}

// loadState gives the state of the snapshot and the segment it covers.
func (s *Sequencer) loadState() (covered uint64, err error) {
	covered, bytes, err := readSnapshot(s.Dir)
	if errors.Is(err, os.ErrNotExist) {
		s.state = aggregate.New()
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if covered > 0 && !hasSegments(s.Dir) {
		// The journal was removed and counts anew: what it will hold is not covered.
		covered = 0
		if err := writeSnapshot(s.Dir, covered, bytes); err != nil {
			return 0, err
		}
	}
	s.state, err = aggregate.Load(bytes)
	return covered, err
}

// hasSegments says whether the journal holds at least the name of a segment.
func hasSegments(dir string) bool {
	names, err := filepath.Glob(filepath.Join(dir, "journal", "*.journal*"))
	return err != nil || len(names) > 0
}

// replay counts the segments after the covered one again; their batches are
// first in the drain's line.
func (s *Sequencer) replay(segments []journal.Segment, covered uint64) error {
	for i, seg := range segments {
		if seg.Number <= covered {
			continue
		}
		if err := s.replaySegment(seg); err != nil {
			return err
		}
		w := work{segment: seg.Number, batch: s.state.Close(s.token(seg.Number)), stretch: stretch{seg.Created, seg.Bytes}}
		if i == len(segments)-1 {
			w.snapshot = s.state.Append(nil)
		}
		s.drain.replay(w)
	}
	s.confirm(covered)
	return nil
}

func (s *Sequencer) replaySegment(seg journal.Segment) error {
	begun := false
	header, err := journal.ReadSegment(seg.Path, nil)
	if err != nil {
		return fmt.Errorf("ingest: replay: %w", err)
	}
	settings, err := aggregate.DecodeSettings(header.Meta)
	if err != nil {
		return fmt.Errorf("ingest: replay segment %d: %w", seg.Number, err)
	}
	_, err = journal.ReadSegment(seg.Path, func(record []byte) error {
		if !begun {
			s.state.Begin(settings, header.Created)
			begun = true
		}
		part, err := foule.EachEvent(record, s.state.Add)
		if err == nil && part != (foule.Part{}) {
			s.state.TakePart(part)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("ingest: replay segment %d: %w", seg.Number, err)
	}
	return nil
}

// A snapshot file is: segment number covered (8 bytes, little endian), state,
// CRC-32C of all before it (4 bytes).
const snapshotName = "state.snapshot"

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func writeSnapshot(dir string, segment uint64, state []byte) error {
	return journal.WriteFileAtomic(filepath.Join(dir, snapshotName), func(w io.Writer) error {
		head := binary.LittleEndian.AppendUint64(nil, segment)
		sum := crc32.Update(crc32.Checksum(head, castagnoli), castagnoli, state)
		for _, part := range [][]byte{head, state, binary.LittleEndian.AppendUint32(nil, sum)} {
			if _, err := w.Write(part); err != nil {
				return err
			}
		}
		return nil
	})
}

func readSnapshot(dir string) (segment uint64, state []byte, err error) {
	path := filepath.Join(dir, snapshotName)
	b, err := os.ReadFile(path)
	if err != nil {
		return 0, nil, err
	}
	if len(b) < 12 || crc32.Checksum(b[:len(b)-4], castagnoli) != binary.LittleEndian.Uint32(b[len(b)-4:]) {
		return 0, nil, fmt.Errorf("ingest: %s is damaged: move it away to start without it; the day's visitors so far are then counted anew", path)
	}
	return binary.LittleEndian.Uint64(b), b[8 : len(b)-4], nil
}

// collectorID gives the id that batch tokens begin with. It belongs to the
// journal: one that counts its segments anew must not repeat another's tokens,
// and one in order keeps at least the name of its last segment. The journal has
// to be open, so that no other process decides about the id meanwhile.
func collectorID(dir string) (string, error) {
	path := filepath.Join(dir, "collector-id")
	b, err := os.ReadFile(path)
	if err == nil && len(strings.TrimSpace(string(b))) > 0 && hasSegments(dir) {
		return strings.TrimSpace(string(b)), nil
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	var random [8]byte
	rand.Read(random[:])
	id := hex.EncodeToString(random[:])
	err = journal.WriteFileAtomic(path, func(w io.Writer) error {
		_, err := io.WriteString(w, id+"\n")
		return err
	})
	return id, err
}
