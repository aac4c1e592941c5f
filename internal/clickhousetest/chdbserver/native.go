package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/ClickHouse/ch-go/compress"
	chproto "github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2/lib/proto"
)

// maxFrame is how much of an answer goes into one compressed frame.
const maxFrame = 1 << 20

// recode turns Native blocks as the library writes them, without a protocol
// revision, into blocks as a client of the revision reads them.
func recode(native []byte, revision uint64) ([]byte, error) {
	if revision == 0 {
		return bytes.Clone(native), nil
	}
	var out chproto.Buffer
	reader := chproto.NewReader(bytes.NewReader(native))
	for {
		block := proto.NewBlock()
		if err := block.Decode(reader, 0); errors.Is(err, io.EOF) {
			return out.Buf, nil
		} else if err != nil {
			return nil, fmt.Errorf("decode the library's answer: %w", err)
		}
		if err := encode(&out, block, revision); err != nil {
			return nil, fmt.Errorf("encode the answer: %w", err)
		}
	}
}

// encode writes a block. One without rows has nothing but names and types in
// its columns, not even the prefix that Block.Encode would write.
func encode(out *chproto.Buffer, block *proto.Block, revision uint64) error {
	if block.Rows() > 0 {
		return block.Encode(out, revision)
	}
	if err := block.EncodeHeader(out, revision); err != nil {
		return err
	}
	for _, c := range block.Columns {
		out.PutString(c.Name())
		out.PutString(string(c.Type()))
		if revision >= proto.DBMS_MIN_REVISION_WITH_CUSTOM_SERIALIZATION {
			out.PutBool(false)
		}
	}
	return nil
}

// squeeze compresses an answer in ClickHouse's frames.
func squeeze(b []byte, method compress.Method) ([]byte, error) {
	w := compress.NewWriter(compress.LevelZero, method)
	var out []byte
	for len(b) > 0 {
		n := min(len(b), maxFrame)
		if err := w.Compress(b[:n]); err != nil {
			return nil, err
		}
		out = append(out, w.Data...)
		b = b[n:]
	}
	return out, nil
}

// frames reads what was compressed in ClickHouse's frames.
type frames struct{ r *chproto.Reader }

// unsqueeze reads a body in ClickHouse's frames.
func unsqueeze(r io.Reader) frames {
	reader := chproto.NewReader(r)
	reader.EnableCompression()
	return frames{reader}
}

// Read ends with a plain io.EOF where no further frame begins, and with another
// error inside one.
func (f frames) Read(b []byte) (int, error) {
	n, err := f.r.Read(b)
	if errors.Is(err, io.EOF) {
		err = io.EOF
	}
	return n, err
}
