package promotion

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// HeadTrailer begins the line of a delivery's message that witnesses the log.
const HeadTrailer = "Assay-Log: "

// deliver puts the manifests of all that was rendered for one environment on
// its branch, from where they are synced, in one commit for all models: a
// thousand commits would be a thousand rewritten branches. Where it fails, it
// fails for each of them. It may be asked again at any time: files that are
// there already make no commit.
func deliver(ctx context.Context, tools Tools, states []*State) []error {
	delivery := Delivery{Environment: states[0].Request.Environment, Files: map[string][]byte{}, Message: deliveryMessage(states)}
	for _, state := range states {
		tools.tell(ctx, Event{Request: state.Request, Phase: isDelivered})
		delivery.Models = append(delivery.Models, state.Request.Model)
		maps.Copy(delivery.Files, state.Files)
	}
	started := time.Now()
	commit, failure := tools.Deliverer.Deliver(ctx, delivery)
	took := time.Since(started)
	var failed []error
	for _, state := range states {
		input, err := digestOf(state.Files)
		if failure != nil {
			err = failure
		}
		output := Output{Phase: isDelivered, Input: input, Output: evidence.Sum([]byte(commit)), Took: took}
		tools.tell(ctx, Event{Request: state.Request, Phase: isDelivered, Done: true, Output: output, Err: err})
		if err != nil {
			failed = append(failed, stoppedIn(ctx, tools, state, isDelivered, err))
			continue
		}
		state.Branch, state.Outputs = commit, append(state.Outputs, output)
	}
	return failed
}

// deliveryMessage says what is delivered, and witnesses the log: whoever has
// the branch can tell later whether the log is still the one that held the
// verdicts. A log that only grew makes no commit.
func deliveryMessage(states []*State) string {
	request := states[0].Request
	var message strings.Builder
	if len(states) == 1 {
		fmt.Fprintf(&message, "%s: deliver %s to %s\n\n", request.Model, states[0].Release.Digest.Short(), request.Environment)
	} else {
		fmt.Fprintf(&message, "deliver %d models to %s\n\n", len(states), request.Environment)
		for _, state := range states {
			fmt.Fprintf(&message, "%s: %s\n", state.Request.Model, state.Release.Digest.Short())
		}
		message.WriteString("\n")
	}
	fmt.Fprintf(&message, "Source-Commit: %s\nPolicy: %s\n", request.Commit.Hash, states[0].Verdict.Policy)
	if head := longest(states); head != "" {
		message.WriteString(HeadTrailer + head + "\n")
	}
	return message.String()
}

// longest is the head of the log that holds the verdicts of all states: each
// was shown the log when its own was entered, and a log only grows.
func longest(states []*State) string {
	var found string
	most := uint64(0)
	for _, state := range states {
		_, rest, _ := strings.Cut(state.Head, " ")
		size, _, _ := strings.Cut(rest, " ")
		if entries, err := strconv.ParseUint(size, 10, 64); err == nil && entries >= most {
			found, most = state.Head, entries
		}
	}
	return found
}
