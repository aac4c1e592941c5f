package journal

import (
	"bytes"
	"fmt"
	"testing"
)

// A believable event takes some 200 bytes.
const benchRecord = 200

func group(n int) [][]byte {
	g := make([][]byte, n)
	for i := range g {
		g[i] = bytes.Repeat([]byte{byte(i)}, benchRecord)
	}
	return g
}

func BenchmarkAppend(b *testing.B) {
	for _, mode := range []struct {
		name string
		ack  Ack
	}{{"durable", Durable}, {"written", Written}} {
		for _, n := range []int{1, 10, 100, 1000} {
			b.Run(fmt.Sprintf("%s/%d", mode.name, n), func(b *testing.B) {
				j, _, err := Open(Options{Dir: b.TempDir(), Ack: mode.ack, Preallocate: 16 << 20})
				if err != nil {
					b.Fatal(err)
				}
				defer j.Close()
				g := group(n)
				b.ReportAllocs()
				for b.Loop() {
					if err := j.Append(1, g); err != nil {
						b.Fatal(err)
					}
					if j.open.Bytes > 15<<20 {
						b.StopTimer()
						s, _, _ := j.Rotate()
						j.Remove(s.Number)
						b.StartTimer()
					}
				}
				b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "records/s")
			})
		}
	}
}

func BenchmarkReadSegment(b *testing.B) {
	j, _, err := Open(Options{Dir: b.TempDir(), Ack: Written})
	if err != nil {
		b.Fatal(err)
	}
	defer j.Close()
	for range 100 {
		if err := j.Append(1, group(500)); err != nil {
			b.Fatal(err)
		}
	}
	s, _, err := j.Rotate()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.SetBytes(s.Bytes)
	for b.Loop() {
		if _, err := ReadSegment(s.Path, func([]byte) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(s.Records*b.N)/b.Elapsed().Seconds(), "records/s")
}
