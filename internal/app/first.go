package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/storage"
	"foule.eu/foule/web/auth"
)

// AdminEmail is the address of the first user until the set-up link changes it.
const AdminEmail = "admin@localhost"

// SetupLink gives the address at which the first user chooses a password; ""
// without a secret. base is the dashboard's address.
func SetupLink(base, secret string) string {
	if secret == "" {
		return ""
	}
	return base + auth.SetupPath(secret)
}

// FirstStart makes site 1 and an admin in an empty store. As long as no admin
// has chosen a password, it gives the secret of a fresh set-up link.
func FirstStart(ctx context.Context, s storage.Settings, a *auth.Auth) (setupSecret string, err error) {
	sites, err := s.Sites(ctx)
	if err != nil {
		return "", fmt.Errorf("first start: %w", err)
	}
	if len(sites) == 0 {
		site := foule.Site{Name: "My site", Timezone: localZone(), Currency: "EUR", Created: time.Now().Unix()}
		if _, err := s.AddSite(ctx, site); err != nil {
			return "", fmt.Errorf("first start: add site: %w", err)
		}
	}
	admin, err := firstAdmin(ctx, s)
	if err != nil || admin.PasswordHash != "" {
		return "", err
	}
	return a.NewSetupLink(ctx, admin.ID)
}

func firstAdmin(ctx context.Context, s storage.Settings) (storage.User, error) {
	users, err := s.Users(ctx)
	if err != nil {
		return storage.User{}, fmt.Errorf("first start: %w", err)
	}
	for _, u := range users {
		if u.Role == storage.RoleAdmin {
			return u, nil
		}
	}
	u := storage.User{Email: AdminEmail, Role: storage.RoleAdmin, Created: time.Now().Unix()}
	if u.ID, err = s.AddUser(ctx, u); err != nil {
		return u, fmt.Errorf("first start: add admin: %w", err)
	}
	return u, nil
}

// localZone is the machine's time zone if it has a name, else UTC.
func localZone() string {
	name := time.Local.String()
	if name == "Local" || strings.HasPrefix(name, "/") {
		return "UTC"
	}
	return name
}
