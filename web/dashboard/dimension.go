package dashboard

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// dimensionPage is the form of a custom dimension. Number and scope stay as
// they were made: what was counted stands under them.
type dimensionPage struct {
	Name, Number string
	Scopes       []option
	Off, Known   bool
	Faults       []string
	Path, Back   string
}

// dimensionOf finds the custom dimension that the path names; "new" is an empty one.
func (s *server) dimensionOf(r *http.Request) (foule.Site, foule.CustomDimension, error) {
	site, err := s.site(r)
	if err != nil {
		return site, foule.CustomDimension{}, err
	}
	name := chi.URLParam(r, "dimension")
	if name == "new" {
		return site, foule.CustomDimension{Scope: foule.ScopeVisit}, nil
	}
	for _, d := range site.Dimensions {
		if strconv.FormatUint(uint64(d.ID), 10) == name {
			return site, d, nil
		}
	}
	return site, foule.CustomDimension{}, storage.ErrNotFound
}

func (s *server) showDimension(w http.ResponseWriter, r *http.Request) error {
	site, d, err := s.dimensionOf(r)
	if err != nil {
		return err
	}
	return s.renderDimension(w, r, http.StatusOK, &site, d, nil)
}

func (s *server) renderDimension(w http.ResponseWriter, r *http.Request, status int, site *foule.Site, d foule.CustomDimension, faults []string) error {
	l := localeOf(r)
	page := dimensionPage{Name: d.Name, Off: d.Off, Path: r.URL.Path, Back: sitePath(site.ID) + "/settings", Known: !strings.HasSuffix(r.URL.Path, "/new")}
	title := l.T("dimension.new")
	if page.Known {
		title = l.T("dimension.edit")
	}
	if d.ID != 0 {
		page.Number = strconv.FormatUint(uint64(d.ID), 10)
	}
	for _, scope := range []foule.Scope{foule.ScopeVisit, foule.ScopeAction} {
		page.Scopes = append(page.Scopes, option{scope.String(), l.T("dimension." + scope.String()), scope == d.Scope})
	}
	for _, key := range faults {
		page.Faults = append(page.Faults, l.T(key))
	}
	return s.renderStatus(w, r, status, "dimension", title, site, page)
}

func (s *server) saveDimension(w http.ResponseWriter, r *http.Request) error {
	site, d, err := s.dimensionOf(r)
	if err != nil {
		return err
	}
	known := d.ID != 0
	var faults []string
	if d.Name = strings.TrimSpace(r.PostFormValue("name")); d.Name == "" || len(d.Name) > 200 {
		faults = append(faults, "fault.name")
	}
	d.Off = known && r.PostFormValue("off") != ""
	if !known {
		d.Scope = foule.ScopeAction
		if r.PostFormValue("scope") == "visit" {
			d.Scope = foule.ScopeVisit
		}
		number, err := strconv.ParseUint(r.PostFormValue("number"), 10, 16)
		if r.PostFormValue("number") != "" && (err != nil || number == 0) {
			faults = append(faults, "fault.number")
		}
		d.ID = uint32(number)
		if len(faults) == 0 {
			if _, err := site.AddDimension(d.ID, d.Name, d.Scope); err != nil {
				faults = append(faults, "fault.dimension")
			}
		}
	}
	if len(faults) > 0 {
		return s.renderDimension(w, r, http.StatusUnprocessableEntity, &site, d, faults)
	}
	notice := "added"
	if known {
		notice = "saved"
		for i := range site.Dimensions {
			if site.Dimensions[i].ID == d.ID {
				site.Dimensions[i] = d
			}
		}
	}
	if err := s.Settings.UpdateSite(r.Context(), site); err != nil {
		return err
	}
	http.Redirect(w, r, withDone(sitePath(site.ID)+"/settings", notice), http.StatusSeeOther)
	return nil
}
