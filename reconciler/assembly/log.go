package assembly

import (
	"context"
	"net/mail"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/auditlog"
	"github.com/mlops-clinical-trials/assay/internal/report"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// Log is the audit log of a process, for all its workshops. It is opened when
// there is something to keep: of several replicas, only the one that works
// holds the lock.
type Log struct {
	dir string
	key []byte

	opening sync.Mutex
	opened  atomic.Pointer[auditlog.Log]
}

// NewLog names the directory of a log and the private key that signs it.
func NewLog(dir string, key []byte) *Log { return &Log{dir: dir, key: key} }

func (l *Log) open(ctx context.Context) (*auditlog.Log, error) {
	l.opening.Lock()
	defer l.opening.Unlock()
	if opened := l.opened.Load(); opened != nil {
		return opened, nil
	}
	opened, err := auditlog.Open(ctx, l.dir, l.key)
	if err != nil {
		return nil, err
	}
	l.opened.Store(opened)
	return opened, nil
}

// Stopped says why nothing can be logged any more until the process starts
// again; nil while it can. It answers at once, whatever the disk does.
func (l *Log) Stopped() error {
	if opened := l.opened.Load(); opened != nil {
		return opened.Stopped()
	}
	return nil
}

// page is where one repository's decisions are kept.
type page struct {
	log        *Log
	repository string
}

// newPage leaves the credentials out of the address of a repository.
func newPage(log *Log, repository string) page {
	if address, err := url.Parse(repository); err == nil && address.User != nil {
		address.User = nil
		repository = address.String()
	}
	return page{log, repository}
}

// Keep implements promotion.Log. The verdict comes last: the log as it is then
// covers the waivers, too.
func (p page) Keep(ctx context.Context, decision promotion.Decision) (promotion.Kept, error) {
	log, err := p.log.open(ctx)
	if err != nil {
		return promotion.Kept{}, err
	}
	for _, waived := range decision.Waivers {
		if _, _, err := log.AppendChange(ctx, p.recordOfWaiver(decision, waived)); err != nil {
			return promotion.Kept{}, err
		}
	}
	record := p.recordOf(decision)
	given, _, err := log.AppendChange(ctx, record)
	if err != nil {
		return promotion.Kept{}, err
	}
	digest, err := record.Digest()
	return promotion.Kept{Digest: digest, Head: given.Checkpoint.Head()}, err
}

// Checkpoint implements promotion.SignedLog.
func (p page) Checkpoint(ctx context.Context) ([]byte, error) {
	log, err := p.log.open(ctx)
	if err != nil {
		return nil, err
	}
	shown, err := log.Checkpoint()
	return shown.Text, err
}

func (p page) recordOf(decision promotion.Decision) auditlog.Record {
	record := auditlog.Record{
		Kind: auditlog.Verdict, Time: decision.Time,
		Repository: p.repository, Commit: decision.Commit.Hash, Actor: decision.Commit.Author,
		Environment: decision.Environment, Subject: decision.Release,
		Allowed: decision.Verdict.Allowed(), Evaluated: len(decision.Verdict.Evaluated), Policy: decision.Verdict.Policy,
		Evidence: decision.Evidence,
	}
	for _, finding := range decision.Verdict.Findings {
		record.Findings = append(record.Findings, findingOf(finding))
	}
	return record
}

// recordOfWaiver leaves out what changes with every commit: a waiver is news
// when it comes, and when it begins or ends to count.
func (p page) recordOfWaiver(decision promotion.Decision, waived promotion.Waived) auditlog.Record {
	record := auditlog.Record{
		Kind: auditlog.Waiver, Time: decision.Time, Repository: p.repository, Environment: decision.Environment,
		Subject: evidence.Subject{Name: short(waived.File)}, Allowed: len(waived.Why) == 0,
		Waiver: &auditlog.Exception{Bundle: waived.Bundle},
	}
	for _, why := range waived.Why {
		record.Waiver.Why = append(record.Waiver.Why, short(why))
	}
	if said := waived.Said; said.Waiver != nil {
		record.Subject, record.Actor = said.Subject, short(person(said.By))
		record.Waiver.Rule, record.Waiver.Role, record.Waiver.Until = short(said.Waiver.Rule), short(said.By.Role), short(said.Waiver.Expires)
	}
	return record
}

// short is what is kept of a text that somebody else wrote: a long one must not
// stop the log.
func short(text string) string {
	line := report.Line(text)
	return strings.ToValidUTF8(line[:min(len(line), maxShort)], "")
}

const maxShort = 512 // bytes

func person(by evidence.Person) string {
	return (&mail.Address{Name: by.Name, Address: by.Email}).String()
}

func findingOf(finding gates.Finding) auditlog.Finding {
	return auditlog.Finding{Rule: finding.Rule, State: string(finding.State), Severity: string(finding.Severity), Message: finding.Message}
}

// Keep keeps nothing: a rehearsal decides nothing.
func (rehearsal) Keep(context.Context, promotion.Decision) (promotion.Kept, error) {
	return promotion.Kept{}, nil
}
