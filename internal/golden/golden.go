// Package golden compares what a test came to with a file that holds what it
// should. No hit passes here: only tests import it. "go test PACKAGE -update"
// writes the package's files anew.
package golden

import (
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Compare fails the test unless the file at path holds got.
func Compare(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s is not as it should be; if it is the file that is wrong, run with -update (-want +got):\n%s", path, d)
	}
}
