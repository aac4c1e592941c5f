package dashboard

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// tokensPage lists the API tokens; Secret is a new one's, shown this once.
type tokensPage struct {
	Tokens        []tokenLine
	Secret        string
	Sites, Scopes []option
	Fault         string
}

type tokenLine struct{ Name, Scope, Site, Created, Delete string }

var scopes = []storage.Role{storage.RoleRead, storage.RoleWrite, storage.RoleAdmin}

func (s *server) showTokens(w http.ResponseWriter, r *http.Request) error {
	return s.renderTokens(w, r, http.StatusOK, "", "")
}

func (s *server) renderTokens(w http.ResponseWriter, r *http.Request, status int, secret, fault string) error {
	l := localeOf(r)
	tokens, err := s.Settings.Tokens(r.Context())
	if err != nil {
		return err
	}
	sites, err := s.Settings.Sites(r.Context())
	if err != nil {
		return err
	}
	page := tokensPage{Secret: secret, Fault: fault, Sites: []option{{Value: "0", Text: l.T("token.allsites"), Selected: true}}}
	names := map[foule.SiteID]string{0: l.T("token.allsites")}
	for _, site := range sites {
		names[site.ID] = site.Name
		page.Sites = append(page.Sites, option{Value: strconv.FormatUint(uint64(site.ID), 10), Text: site.Name})
	}
	for i, scope := range scopes {
		page.Scopes = append(page.Scopes, option{string(scope), l.T("scope." + string(scope)), i == 0})
	}
	for _, t := range tokens {
		page.Tokens = append(page.Tokens, tokenLine{
			Name: t.Name, Scope: l.T("scope." + string(t.Scope)), Site: names[t.Site],
			Created: l.Day(foule.DayOf(time.Unix(t.Created, 0), time.UTC)),
			Delete:  "/settings/tokens/" + strconv.FormatInt(t.ID, 10) + "/delete",
		})
	}
	return s.renderStatus(w, r, status, "tokens", l.T("tokens"), nil, page)
}

// addToken answers with the page itself, not a redirect: the secret stands in
// no address and is gone with the page.
func (s *server) addToken(w http.ResponseWriter, r *http.Request) error {
	name := strings.TrimSpace(r.PostFormValue("name"))
	if name == "" || len(name) > 200 {
		return s.renderTokens(w, r, http.StatusUnprocessableEntity, "", localeOf(r).T("fault.name"))
	}
	site, err := strconv.ParseUint(r.PostFormValue("site"), 10, 32)
	if err != nil {
		return storage.ErrNotFound
	}
	if site != 0 {
		if _, err := s.Settings.Site(r.Context(), foule.SiteID(site)); err != nil {
			return err
		}
	}
	secret, hash := storage.NewSecret()
	_, err = s.Settings.AddToken(r.Context(), storage.Token{
		Hash: hash, Name: name, Scope: pick(scopes, r.PostFormValue("scope")),
		Site: foule.SiteID(site), Created: s.Now().Unix(),
	})
	if err != nil {
		return err
	}
	return s.renderTokens(w, r, http.StatusCreated, secret, "")
}

func (s *server) deleteToken(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(chi.URLParam(r, "token"), 10, 64)
	if err != nil {
		return storage.ErrNotFound
	}
	if err := s.Settings.DeleteToken(r.Context(), id); err != nil {
		return err
	}
	http.Redirect(w, r, withDone("/settings/tokens", "deleted"), http.StatusSeeOther)
	return nil
}
