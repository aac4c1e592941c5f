package journal

import (
	"errors"
	"fmt"
	"syscall"
)

// The kinds of error that a caller tells apart with errors.Is.
var (
	// ErrFull is returned by Append when the group would not fit into
	// Options.MaxBytes, or the disk is full. Nothing was kept.
	ErrFull = errors.New("journal is full")
	// ErrPoisoned is returned by Append from the moment a sync of the open
	// segment failed until Rotate has closed it. What was acknowledged before
	// stands.
	ErrPoisoned = errors.New("a sync failed, the segment takes no more records")
	// ErrCorrupt is what every CorruptionError unwraps to.
	ErrCorrupt = errors.New("journal is corrupt")
	// ErrLocked is returned by Open when another process, or another Journal of
	// this one, has the directory open.
	ErrLocked = errors.New("journal directory is in use by another process")
)

// CorruptionError says where a segment stopped making sense.
type CorruptionError struct {
	Path    string // of the file as it was found
	Segment uint64
	Offset  int64 // of the first byte that could not be used
	Reason  string
}

func (e *CorruptionError) Error() string {
	return fmt.Sprintf("%s: segment %d at byte %d: %s", e.Path, e.Segment, e.Offset, e.Reason)
}

// Unwrap gives ErrCorrupt.
func (e *CorruptionError) Unwrap() error { return ErrCorrupt }

// diskError makes a disk without room answer to ErrFull as well.
func diskError(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	return err
}
