package foule

import "testing"

func TestAddDimension(t *testing.T) {
	var s Site
	add := func(id uint32, scope Scope) CustomDimension {
		t.Helper()
		d, err := s.AddDimension(id, "d", scope)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	if d := add(0, ScopeVisit); d.ID != 1 || d.Slot != 0 || d.Dimension() != DimVisitValue {
		t.Errorf("the first: %+v", d)
	}
	if d := add(7, ScopeAction); d.ID != 7 || d.Slot != 0 || d.Dimension() != DimActionValue {
		t.Errorf("of an action: %+v", d)
	}
	s.Dimensions[0].Off = true
	if d := add(0, ScopeVisit); d.ID != 8 || d.Slot != 1 {
		t.Errorf("after one that is off: %+v", d)
	}
	if _, err := s.AddDimension(7, "d", ScopeVisit); err == nil {
		t.Error("two have one number")
	}
	if _, err := s.AddDimension(0, "d", ScopeNone); err == nil {
		t.Error("a dimension of nothing")
	}
	for range NumValues - 2 {
		add(0, ScopeVisit)
	}
	if _, err := s.AddDimension(0, "d", ScopeVisit); err == nil {
		t.Error("more than there is room for")
	}
	if d := add(0, ScopeAction); d.Slot != 1 {
		t.Errorf("room of an action's: %+v", d)
	}
}

func TestAddFunnel(t *testing.T) {
	var s Site
	s.AddFunnel("a", nil)
	s.Funnels[0].ID = 4
	if f := s.AddFunnel("b", nil); f.ID != 5 || len(s.Funnels) != 2 {
		t.Errorf("%+v", f)
	}
}
