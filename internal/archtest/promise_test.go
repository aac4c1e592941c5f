package archtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"foule.eu/foule/aggregate"
	"foule.eu/foule/privacy"
)

// TestPromisedTimes: the times that the notices promise are those that the
// program keeps.
func TestPromisedTimes(t *testing.T) {
	if got := aggregate.DefaultSettings.VisitLength; got != privacy.KeyMinutes*60 {
		t.Errorf("a visit lasts %d s, the key is said to outlive the day by %d minutes", got, privacy.KeyMinutes)
	}
	source, err := os.ReadFile(filepath.Join("..", "..", "aggregate", "state.go"))
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("lateHits = %d * 3600", privacy.LateHours); !strings.Contains(string(source), want) {
		t.Errorf("aggregate/state.go does not say %q", want)
	}
}
