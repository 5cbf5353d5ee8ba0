package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/reconciler/assembly"
	"github.com/mlops-clinical-trials/assay/reconciler/controller"
	"github.com/mlops-clinical-trials/assay/reconciler/conversation"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// makersOf says how this process opens repositories and conversations.
func makersOf(chosen options, key evidence.Signer, kept *assembly.Log, slots *controller.Slots, pulse *controller.Pulse) controller.Makers {
	watch := func(ctx context.Context, event promotion.Event) {
		pulse.Observe(ctx, event)
		controller.Observe(ctx, event)
	}
	return controller.Makers{
		Workshop: func(address string) (controller.Workshop, error) {
			return assembly.Open(assembly.Options{
				Repository: address, StateDir: chosen.state, Ledger: chosen.ledger, Log: kept, Signer: key,
				Commands: chosen.commands, Clock: time.Now, Watch: watch,
			})
		},
		Conversation: func(of controller.Workshop, at forge.Forge, branch string) (controller.Conversation, error) {
			workshop, ours := of.(*assembly.Workshop)
			if !ours {
				return nil, fmt.Errorf("a conversation needs a workshop, and not a %T", of)
			}
			if at == nil {
				at = forge.NewPlain(workshop.PlainGit())
			}
			verdicts := conversation.Verdicts(filepath.Join(chosen.ledger, "verdict"))
			return conversation.New(at, slots.Checker(workshop), verdicts, conversation.Options{
				Branch: branch, Clock: time.Now, Link: linkTo(chosen.reports), Merge: workshop.Merging,
			}), nil
		},
	}
}

// linkTo is where the report of a commit is; nil where reports are nowhere.
func linkTo(address string) func(head string) string {
	if address == "" {
		return nil
	}
	return func(head string) string { return strings.ReplaceAll(address, "{commit}", head) }
}
