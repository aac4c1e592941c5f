package dashboard

import (
	"errors"
	"net/http"

	"foule.eu/foule/storage"
	"foule.eu/foule/web/auth"
)

// loginPage, setupPage and accountPage are the forms about oneself; Fault is
// why the last attempt was refused.
type loginPage struct{ Email, Next, Fault string }

type setupPage struct {
	Secret, Email, Fault string
	Dead                 bool // the link does not work (any more)
}

type accountPage struct {
	Email, Role, Language, Fault string
}

// refusals are the sentences for what auth refuses.
var refusals = []struct {
	err    error
	key    string
	status int
}{
	{auth.ErrBadCredentials, "refused.credentials", http.StatusUnauthorized},
	{auth.ErrTooMany, "refused.toomany", http.StatusTooManyRequests},
	{auth.ErrWeakPassword, "refused.weak", http.StatusUnprocessableEntity},
	{auth.ErrEmail, "refused.email", http.StatusUnprocessableEntity},
	{auth.ErrLink, "refused.link", http.StatusGone},
	{storage.ErrConflict, "refused.taken", http.StatusConflict},
}

// refusal gives the sentence for a refusal; ok is false for a real failure.
func refusal(l *locale, err error) (text string, status int, ok bool) {
	for _, r := range refusals {
		if errors.Is(err, r.err) {
			return l.T(r.key), r.status, true
		}
	}
	return "", 0, false
}

func (s *server) showLogin(w http.ResponseWriter, r *http.Request) error {
	return s.render(w, r, "login", localeOf(r).T("login"), nil, loginPage{Next: local(r.URL.Query().Get("next"))})
}

func (s *server) login(w http.ResponseWriter, r *http.Request) error {
	l := localeOf(r)
	page := loginPage{Email: r.PostFormValue("email"), Next: local(r.PostFormValue("next"))}
	_, err := s.Auth.LogIn(w, r, page.Email, r.PostFormValue("password"))
	if err == nil {
		http.Redirect(w, r, page.Next, http.StatusSeeOther)
		return nil
	}
	text, status, ok := refusal(l, err)
	if !ok {
		return err
	}
	page.Fault = text
	return s.renderStatus(w, r, status, "login", l.T("login"), nil, page)
}

func (s *server) logout(w http.ResponseWriter, r *http.Request) error {
	if err := s.Auth.LogOut(w, r); err != nil {
		return err
	}
	http.Redirect(w, r, "/login", http.StatusSeeOther)
	return nil
}

func (s *server) showSetup(w http.ResponseWriter, r *http.Request) error {
	l := localeOf(r)
	page := setupPage{Secret: r.URL.Query().Get("t")}
	user, err := s.Auth.SetupUser(r.Context(), page.Secret)
	if err != nil {
		text, status, ok := refusal(l, err)
		if !ok {
			return err
		}
		page.Dead, page.Fault = true, text
		return s.renderStatus(w, r, status, "setup", l.T("setup"), nil, page)
	}
	page.Email = user.Email
	return s.render(w, r, "setup", l.T("setup"), nil, page)
}

func (s *server) setup(w http.ResponseWriter, r *http.Request) error {
	l := localeOf(r)
	page := setupPage{Secret: r.PostFormValue("t"), Email: r.PostFormValue("email")}
	_, err := s.Auth.SetUp(w, r, page.Secret, page.Email, r.PostFormValue("password"))
	if err == nil {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return nil
	}
	text, status, ok := refusal(l, err)
	if !ok {
		return err
	}
	page.Fault, page.Dead = text, errors.Is(err, auth.ErrLink)
	return s.renderStatus(w, r, status, "setup", l.T("setup"), nil, page)
}

func (s *server) showAccount(w http.ResponseWriter, r *http.Request) error {
	return s.renderAccount(w, r, http.StatusOK, "")
}

func (s *server) renderAccount(w http.ResponseWriter, r *http.Request, status int, fault string) error {
	u, _ := s.Auth.User(r.Context())
	l := localeOf(r)
	page := accountPage{Email: u.Email, Role: l.T("role." + string(u.Role)), Language: u.Language, Fault: fault}
	return s.renderStatus(w, r, status, "account", l.T("account"), nil, page)
}

// saveAccount changes the language or, in a form of its own, the password.
func (s *server) saveAccount(w http.ResponseWriter, r *http.Request) error {
	u, _ := s.Auth.User(r.Context())
	if r.PostFormValue("form") == "password" {
		err := s.Auth.ChangePassword(w, r, u, r.PostFormValue("current"), r.PostFormValue("password"))
		if err == nil {
			http.Redirect(w, r, withDone("/account", "password"), http.StatusSeeOther)
			return nil
		}
		text, status, ok := refusal(localeOf(r), err)
		if !ok {
			return err
		}
		return s.renderAccount(w, r, status, text)
	}
	u.Language = r.PostFormValue("language")
	if s.locales[u.Language] == nil {
		u.Language = ""
	}
	if err := s.Settings.UpdateUser(r.Context(), u); err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{Name: langCookie, Path: "/", MaxAge: -1}) // the choice here replaces ?lang=
	http.Redirect(w, r, withDone("/account", "saved"), http.StatusSeeOther)
	return nil
}
