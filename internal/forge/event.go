package forge

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Provider is who sends a webhook.
type Provider string

const (
	GitHub Provider = "github"
	GitLab Provider = "gitlab"
	Gitea  Provider = "gitea" // and Forgejo
)

// Kind is what an event is about.
type Kind string

const (
	Pushed    Kind = "pushed"    // a branch or a tag moved
	Changed   Kind = "changed"   // a pull request: opened, pushed to, closed, merged
	Reviewed  Kind = "reviewed"  // approved, or not any more
	Commented Kind = "commented" // what is said may be a command
	Asked     Kind = "asked"     // somebody wants the checks to run again
	Pinged    Kind = "pinged"    // the forge tries the webhook
	other     Kind = ""          // nothing that we look at
)

// Event says where to look. None of it is a fact: before anything is done the forge is asked.
type Event struct {
	Provider    Provider
	Kind        Kind
	Repository  string // owner/name
	PullRequest int64  // 0 if it is about none, or the forge does not say
	Ref         string // refs/heads/main, if it is about a ref
	Head        string // commit, if it is about one
	Delivery    string // for logs
}

// payload has the fields of all three forges that are read. Where two use one
// name they mean one thing.
type payload struct {
	Ref        string `json:"ref"`
	After      string `json:"after"`
	Number     int64  `json:"number"`
	Repository struct {
		FullName string `json:"full_name"`
	} `json:"repository"`
	PullRequest *pullPayload `json:"pull_request"`
	Issue       struct {
		Number  int64           `json:"number"`
		IsPull  json.RawMessage `json:"pull_request"`
		Updated time.Time       `json:"updated_at"`
	} `json:"issue"`
	CheckRun *struct {
		HeadSHA string `json:"head_sha"`
	} `json:"check_run"`
	CheckSuite *struct {
		HeadSHA string `json:"head_sha"`
	} `json:"check_suite"`
	Action string `json:"action"`

	// GitLab
	CheckoutSHA string `json:"checkout_sha"`
	Project     struct {
		Path string `json:"path_with_namespace"`
	} `json:"project"`
	Attributes struct {
		IID        int64  `json:"iid"`
		Action     string `json:"action"`
		LastCommit struct {
			ID string `json:"id"`
		} `json:"last_commit"`
	} `json:"object_attributes"`
	MergeRequest *struct {
		IID        int64 `json:"iid"`
		LastCommit struct {
			ID string `json:"id"`
		} `json:"last_commit"`
	} `json:"merge_request"`
}

type pullPayload struct {
	Number  int64     `json:"number"`
	Updated time.Time `json:"updated_at"`
	Head    struct {
		SHA string `json:"sha"`
	} `json:"head"`
}

// parse reads the body of a delivery whose signature holds.
func parse(provider Provider, name string, body []byte) (event Event, at time.Time, err error) {
	var content payload
	if err := json.Unmarshal(body, &content); err != nil {
		return Event{}, time.Time{}, fmt.Errorf("the payload is no JSON that a forge sends: %w", err)
	}
	event = Event{Provider: provider, Repository: content.Repository.FullName}
	if provider == GitLab {
		event.Repository = content.Project.Path
		content.gitLab(&event, name)
	} else {
		at = content.gitHub(&event, name)
	}
	return event, at, event.check()
}

// gitHub reads what GitHub and Gitea call alike, and says when it happened.
func (p *payload) gitHub(event *Event, name string) time.Time {
	at := time.Time{}
	if pull := p.PullRequest; pull != nil {
		event.PullRequest, event.Head, at = max(pull.Number, p.Number), pull.Head.SHA, pull.Updated
	}
	switch {
	case name == "ping":
		event.Kind = Pinged
	case name == "push", name == "create", name == "delete":
		event.Kind, event.Ref, event.Head = Pushed, p.Ref, p.After
	case name == "issue_comment" || name == "pull_request_comment":
		if len(p.Issue.IsPull) > 0 && string(p.Issue.IsPull) != "null" {
			event.PullRequest, at = p.Issue.Number, p.Issue.Updated
		}
		event.Kind = Commented
	case name == "check_run" && p.CheckRun != nil && p.Action == "rerequested":
		event.Kind, event.Head = Asked, p.CheckRun.HeadSHA
	case name == "check_suite" && p.CheckSuite != nil && p.Action == "rerequested":
		event.Kind, event.Head = Asked, p.CheckSuite.HeadSHA
	case strings.HasPrefix(name, "pull_request_review") || name == "pull_request_approved" || name == "pull_request_rejected":
		event.Kind = Reviewed
	case strings.HasPrefix(name, "pull_request"):
		event.Kind = Changed
	}
	if event.PullRequest == 0 && (event.Kind == Commented || event.Kind == Changed || event.Kind == Reviewed) {
		event.Kind = other // of an issue
	}
	return at
}

func (p *payload) gitLab(event *Event, name string) {
	switch name {
	case "Push Hook", "Tag Push Hook":
		event.Kind, event.Ref, event.Head = Pushed, p.Ref, p.After
	case "Merge Request Hook":
		event.Kind, event.PullRequest, event.Head = Changed, p.Attributes.IID, p.Attributes.LastCommit.ID
		if strings.Contains(p.Attributes.Action, "approv") {
			event.Kind = Reviewed
		}
	case "Note Hook":
		if p.MergeRequest != nil {
			event.Kind, event.PullRequest, event.Head = Commented, p.MergeRequest.IID, p.MergeRequest.LastCommit.ID
		}
	}
}

// check holds every field to its form: they end in logs, in keys and in requests.
func (e *Event) check() error {
	if !isRepository(e.Repository) && !(e.Kind == Pinged && e.Repository == "") {
		return fmt.Errorf("the payload names no repository")
	}
	if e.PullRequest < 0 {
		return fmt.Errorf("the payload names pull request %d", e.PullRequest)
	}
	if !isCommit(e.Head) || strings.Trim(e.Head, "0") == "" { // zeros: the branch was deleted
		e.Head = ""
	}
	if len(e.Ref) > 250 || strings.ContainsFunc(e.Ref, func(c rune) bool { return c <= ' ' || c == 0x7f }) {
		return fmt.Errorf("the payload names a ref that git refuses")
	}
	return nil
}
