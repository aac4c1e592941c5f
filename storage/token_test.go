package storage

import "testing"

func TestNewSecret(t *testing.T) {
	a, hash := NewSecret()
	b, _ := NewSecret()
	if len(a) != 32 || a == b || hash != HashToken(a) || hash == HashToken(b) {
		t.Errorf("secrets %q and %q: want two of 32 digits, and the hash of the first", a, b)
	}
}

func TestRoleAllows(t *testing.T) {
	roles := []Role{RoleRead, RoleWrite, RoleAdmin}
	for i, have := range roles {
		for j, need := range roles {
			if got := have.Allows(need); got != (i >= j) {
				t.Errorf("%s allows %s: %v", have, need, got)
			}
		}
	}
	for _, unknown := range []Role{"", "root"} {
		if unknown.Allows(RoleRead) || RoleAdmin.Allows(unknown) {
			t.Errorf("role %q allows or is allowed something", unknown)
		}
	}
}
