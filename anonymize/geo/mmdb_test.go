package geo

import (
	"encoding/binary"
	"maps"
	"math"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// mmdb writes small databases of the MaxMind DB format 2.0 for tests: 32-bit
// records, an IPv6 tree with IPv4 under ::/96, no pointers.
type mmdb struct {
	kind  string
	nodes [][2]uint32 // 0 is nothing, otherwise a node's index, or dataBit and an offset
	data  []byte
}

const dataBit = 1 << 31

func newMMDB(kind string) *mmdb { return &mmdb{kind: kind, nodes: make([][2]uint32, 1)} }

func (m *mmdb) add(network string, record map[string]any) {
	prefix := netip.MustParsePrefix(network)
	address, bits := prefix.Addr().As16(), prefix.Bits()
	if prefix.Addr().Is4() {
		address[10], address[11] = 0, 0 // ::a.b.c.d, not ::ffff:a.b.c.d
		bits += 96
	}
	offset := uint32(len(m.data))
	m.data = encode(m.data, record)
	node := uint32(0)
	for i := range bits {
		side := address[i/8] >> (7 - i%8) & 1
		if i == bits-1 {
			m.nodes[node][side] = dataBit | offset
			return
		}
		if m.nodes[node][side] == 0 {
			m.nodes[node][side] = uint32(len(m.nodes))
			m.nodes = append(m.nodes, [2]uint32{})
		}
		node = m.nodes[node][side]
	}
}

func (m *mmdb) write(t testing.TB) string {
	t.Helper()
	count := uint32(len(m.nodes))
	var file []byte
	for _, node := range m.nodes {
		for _, v := range node {
			switch {
			case v == 0:
				v = count
			case v&dataBit != 0:
				v = count + 16 + v&^dataBit
			}
			file = binary.BigEndian.AppendUint32(file, v)
		}
	}
	file = append(file, make([]byte, 16)...)
	file = append(file, m.data...)
	file = append(file, "\xab\xcd\xefMaxMind.com"...)
	file = encode(file, map[string]any{
		"binary_format_major_version": uint16(2), "binary_format_minor_version": uint16(0),
		"build_epoch": uint64(1767225600), "database_type": m.kind, "ip_version": uint16(6),
		"node_count": count, "record_size": uint16(32),
	})
	path := filepath.Join(t.TempDir(), "test.mmdb")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// encode appends a value of the format's data section.
func encode(b []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		return append(control(b, 2, len(v)), v...)
	case float64:
		return binary.BigEndian.AppendUint64(control(b, 3, 8), math.Float64bits(v))
	case uint16:
		return binary.BigEndian.AppendUint16(control(b, 5, 2), v)
	case uint32:
		return binary.BigEndian.AppendUint32(control(b, 6, 4), v)
	case map[string]any:
		b = control(b, 7, len(v))
		for _, key := range slices.Sorted(maps.Keys(v)) {
			b = encode(encode(b, key), v[key])
		}
		return b
	case uint64:
		return binary.BigEndian.AppendUint64(control(b, 9, 8), v)
	case []any:
		b = control(b, 11, len(v))
		for _, item := range v {
			b = encode(b, item)
		}
		return b
	}
	panic("mmdb: no such type")
}

// control appends a type and a size of less than 285.
func control(b []byte, kind, size int) []byte {
	first, more := byte(size), []byte(nil)
	if size >= 29 {
		first, more = 29, []byte{byte(size - 29)}
	}
	if kind <= 7 {
		b = append(b, byte(kind)<<5|first)
	} else {
		b = append(b, first, byte(kind-7))
	}
	return append(b, more...)
}
