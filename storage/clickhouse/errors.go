package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"foule.eu/foule/storage"
	driver "github.com/ClickHouse/clickhouse-go/v2"
)

// fault is an error of the server, or of the way to it, in words for whoever
// runs it: what is wrong, and how it is mended.
//
// The text is ours. A server's own message may quote the statement with the
// values in it (an e-mail, a label), and an HTTP client's error holds the
// address with all parameters; of them only names of tables, columns, users,
// grants and hosts are taken over.
type fault struct {
	kind  error // storage.ErrUnavailable or storage.ErrLimit
	what  string
	mend  string
	cause error // for errors.As; not shown
}

func (f *fault) Error() string {
	text := f.kind.Error() + ": " + f.what
	if f.mend != "" {
		text += "; " + f.mend
	}
	return text
}

func (f *fault) Unwrap() []error { return []error{f.kind, f.cause} }

// kind adds to an error of the driver the sentinel that callers test for, and
// the words that an operator needs. Errors of the caller's own doing (a context
// that it cancelled) and those of package storage pass as they are.
func kind(err error) error {
	if err == nil || isOurs(err) {
		return err
	}
	var e *driver.Exception
	if errors.As(err, &e) {
		return ofServer(err, e)
	}
	if errors.Is(err, context.Canceled) {
		return err
	}
	for _, sort := range []func(error) *fault{ofWay, ofAnswer, ofExchange} {
		if f := sort(err); f != nil {
			f.kind, f.cause = storage.ErrUnavailable, err
			return f
		}
	}
	return err
}

// kindOfWrite is kind for a write: it has no narrower question, so that a limit
// of the server's is a fault like others.
func kindOfWrite(err error) error {
	err = kind(err)
	var f *fault
	if errors.As(err, &f) && f.kind == storage.ErrLimit {
		return &fault{storage.ErrUnavailable, f.what, "raise the limit in the settings profile of the server's user", f.cause}
	}
	return err
}

func isOurs(err error) bool {
	for _, known := range []error{storage.ErrUnavailable, storage.ErrLimit, storage.ErrNotFound, storage.ErrConflict} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}

// reply is what a server's error code means here. In what, %s stands for the
// name that find takes from the server's message.
type reply struct {
	kind       error
	find       *regexp.Regexp
	what, mend string
}

// Where a server's messages name things. Releases from 18.16 to 26.5 word them
// differently.
var (
	findTable    = regexp.MustCompile("(?i)\\btable (?:expression identifier )?['`]?([A-Za-z0-9_.]+)")
	findDatabase = regexp.MustCompile("(?i)\\bdatabase ['`]?([A-Za-z0-9_]+)")
	findColumn   = regexp.MustCompile("(?i)\\b(?:identifier:?|columns?:?) ['`]?([A-Za-z0-9_.]+)")
	findUser     = regexp.MustCompile(`(?i)\buser ([A-Za-z0-9_.-]+)|([A-Za-z0-9_.-]+): (?:Authentication failed|Not enough privileges)`)
	findGrant    = regexp.MustCompile("the grant ((?:[A-Z]+ ?)+(?:\\([A-Za-z0-9_, ]*\\))? ?ON [A-Za-z0-9_.*`]+)")
	findCluster  = regexp.MustCompile("(?i)\\bcluster ['`]?([A-Za-z0-9_.-]+)['`]? (?:not found|does not exist|doesn't exist)")
	findSetting  = regexp.MustCompile("(?i)\\bsetting ['`]?([A-Za-z0-9_]+)")
	findMaximum  = regexp.MustCompile(`(?i)\b(?:maximum|max rows|max bytes): ([0-9.]+(?: [A-Za-z]+)?)`)
)

const (
	mendMigrate  = "run: collector migrate"
	mendSchema   = "someone altered the schema, or another version of this program made it: undo that, or run: collector migrate"
	mendAccount  = "correct the user or the password in the store setting, or create the user (deploy/clickhouse/grants.sql)"
	mendGrants   = "grant it, see deploy/clickhouse/grants.sql"
	mendKeeper   = "start ZooKeeper or Keeper, and look into its and the server's log; the server goes on by itself"
	mendDisk     = "free some, or give it more; the server goes on by itself"
	mendNarrower = "ask for a shorter range, or raise the limit in the server's settings profile"
	mendCluster  = "look whether all its servers run and reach each other"
	mendLater    = "nothing to do unless it stays so; then look into the server's log"
)

// denied says whether the server refused for want of a grant.
func denied(err error) bool {
	var answer *driver.Exception
	return errors.As(err, &answer) && answer.Code == 497
}

// replies by code, see ClickHouse's src/Common/ErrorCodes.cpp.
var replies = map[int32]reply{
	8:   {storage.ErrUnavailable, findColumn, "the server does not know the column %s", mendSchema},
	10:  {storage.ErrUnavailable, findColumn, "the server does not know the column %s", mendSchema},
	16:  {storage.ErrUnavailable, findColumn, "the server does not know the column %s", mendSchema},
	20:  {storage.ErrUnavailable, findTable, "the table %s has other columns than expected", mendSchema},
	43:  {storage.ErrUnavailable, findColumn, "a column has another type than expected", mendSchema},
	47:  {storage.ErrUnavailable, findColumn, "the server does not know the column %s", mendSchema},
	53:  {storage.ErrUnavailable, findColumn, "a column has another type than expected", mendSchema},
	60:  {storage.ErrUnavailable, findTable, "the table %s is missing", mendMigrate},
	81:  {storage.ErrUnavailable, findDatabase, "the database %s is missing", "create it (create database …), or correct its name in the store setting"},
	115: {storage.ErrUnavailable, findSetting, "the server does not know the setting %s", "it is too old for this program: update the server"},
	122: {storage.ErrUnavailable, findColumn, "a table has other columns than expected", mendSchema},
	158: {storage.ErrLimit, findMaximum, "more rows to read than the limit of %s", mendNarrower},
	159: {storage.ErrLimit, findMaximum, "it took longer than the limit of %s", mendNarrower},
	160: {storage.ErrLimit, nil, "the server is too slow for it", mendNarrower},
	164: {storage.ErrUnavailable, nil, "the server takes the user for one who may only read", "give its settings profile readonly = 0, see deploy/clickhouse/grants.sql"},
	173: {storage.ErrUnavailable, nil, "the server has no memory left", "give it more, or lower its caches"},
	191: {storage.ErrLimit, nil, "the question needs a larger set than the limit", mendNarrower},
	192: {storage.ErrUnavailable, findUser, "the server does not know the user %s", mendAccount},
	193: {storage.ErrUnavailable, findUser, "wrong password for the user %s", mendAccount},
	194: {storage.ErrUnavailable, findUser, "the user %s needs a password", mendAccount},
	195: {storage.ErrUnavailable, findUser, "the user %s may not log in from this address", "let the user in from this machine (HOST in create user, networks in users.xml)"},
	197: {storage.ErrUnavailable, nil, "the server is too old", "update the server"},
	198: {storage.ErrUnavailable, nil, "the server cannot resolve the name of another one of its cluster", "correct the cluster in its configuration, or the DNS"},
	201: {storage.ErrLimit, nil, "the user's quota is used up", "wait until it begins anew, or raise the quota"},
	202: {storage.ErrUnavailable, nil, "the server works on too many statements", mendLater},
	203: {storage.ErrUnavailable, nil, "the server has no connection left", mendLater},
	209: {storage.ErrUnavailable, nil, "the server waited too long for another one, or for this program", mendCluster},
	210: {storage.ErrUnavailable, nil, "the server lost its connection to another one, or to this program", mendCluster},
	225: {storage.ErrUnavailable, nil, "the server has no ZooKeeper or Keeper", mendKeeper},
	236: {storage.ErrUnavailable, nil, "the server broke it off, it may be shutting down", mendLater},
	241: {storage.ErrLimit, findMaximum, "it needs more memory than the limit of %s", mendNarrower},
	242: {storage.ErrUnavailable, findTable, "the replica is read-only, having lost ZooKeeper or Keeper", mendKeeper},
	243: {storage.ErrUnavailable, nil, "the server's disk is full", mendDisk},
	252: {storage.ErrUnavailable, nil, "the server has too many parts to merge", "it catches up by itself; if it stays so, its disk is too slow or full"},
	254: {storage.ErrUnavailable, nil, "no replica is active", mendCluster},
	279: {storage.ErrUnavailable, nil, "the server reaches no replica of a part of its cluster", mendCluster},
	285: {storage.ErrUnavailable, nil, "too few replicas are alive for a safe insert", mendCluster},
	286: {storage.ErrUnavailable, nil, "an earlier insert has not reached enough replicas yet", mendCluster},
	289: {storage.ErrUnavailable, nil, "this replica lacks what others have", mendCluster},
	290: {storage.ErrLimit, nil, "it exceeds a limit of the server", mendNarrower},
	291: {storage.ErrUnavailable, findDatabase, "the user may not use the database %s", "let it (allow_databases in users.xml)"},
	307: {storage.ErrLimit, findMaximum, "more bytes to read than the limit of %s", mendNarrower},
	319: {storage.ErrUnavailable, nil, "ZooKeeper or Keeper was lost in an insert", mendKeeper},
	341: {storage.ErrUnavailable, nil, "a replica has not done an alteration yet", mendCluster},
	394: {storage.ErrUnavailable, nil, "someone cancelled it on the server (kill query), or it is shutting down", mendLater},
	396: {storage.ErrLimit, nil, "the answer is larger than the limit", mendNarrower},
	452: {storage.ErrUnavailable, findSetting, "the user's settings profile does not allow to set %s", "loosen its constraint, see deploy/clickhouse/grants.sql"},
	497: {storage.ErrUnavailable, findGrant, "the user lacks the grant %s", mendGrants},
	516: {storage.ErrUnavailable, findUser, "the server knows no user %s with this password", mendAccount},
	519: {storage.ErrUnavailable, nil, "the server reaches no replica of a part of its cluster", mendCluster},
	701: {storage.ErrUnavailable, findCluster, "the server knows no cluster %s", "correct the cluster setting; system.clusters lists those there are"},
	999: {storage.ErrUnavailable, nil, "the server's session with ZooKeeper or Keeper fails", mendKeeper},
}

// ofServer says what a server's answer means.
func ofServer(err error, e *driver.Exception) error {
	r, known := replyTo(e)
	if !known {
		return &refusal{e, err}
	}
	what := r.what
	if strings.Contains(what, "%s") {
		what = strings.TrimRight(strings.Replace(what, "%s", firstGroup(r.find, e.Message), 1), " ")
	}
	return &fault{r.kind, fmt.Sprintf("%s (code %d)", what, e.Code), r.mend, err}
}

// replyTo looks the code up; some have a second meaning.
func replyTo(e *driver.Exception) (reply, bool) {
	has := func(text string) bool { return strings.Contains(strings.ToLower(e.Message), text) }
	switch r, known := replies[e.Code]; {
	case has("no space left on device"): // by way of several codes
		return replies[243], true
	case e.Code == 159 && has("distributed_ddl_task_timeout"):
		return reply{storage.ErrUnavailable, nil, "a server of the cluster did not take part in time", mendCluster}, true
	case e.Code == 170: // a cast gone wrong inside the server, or:
		return replies[701], findCluster.MatchString(e.Message)
	case e.Code == 241 && has("total"):
		return replies[173], true
	default:
		return r, known
	}
}

// firstGroup gives what the pattern finds; "" if nothing.
func firstGroup(find *regexp.Regexp, text string) string {
	for i, group := range find.FindStringSubmatch(text) {
		if i > 0 && group != "" {
			return strings.TrimRight(group, ".") // a sentence may end with it
		}
	}
	return ""
}

// refusal is a server's answer that nothing here expects.
type refusal struct {
	answer *driver.Exception
	cause  error
}

// Error shows the message up to where it begins to quote.
func (r *refusal) Error() string {
	text := r.answer.Message
	if quote := strings.IndexAny(text, "'\"`:(\n"); quote >= 0 {
		text = text[:quote]
	}
	return fmt.Sprintf("the server refuses it: %s (code %d %s; its log says more)",
		strings.TrimRight(text, " ."), r.answer.Code, r.answer.CodeName)
}

func (r *refusal) Unwrap() error { return r.cause }
