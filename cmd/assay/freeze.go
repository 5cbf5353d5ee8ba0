package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/render"
)

// freezeFolder is where a promotion repository keeps them.
const freezeFolder = "freezes"

func newFreeze() *cobra.Command {
	var spec v1alpha1.FreezeSpec
	var name, out string
	command := &cobra.Command{
		Use:   "freeze",
		Short: "Order that nothing new comes into environments for a while",
		Long: `Order that nothing new comes into environments for a while, and write the order where
the promotion repository keeps them. Commit the file in a pull request. While a freeze
holds nothing is promoted there, what is merged waits, and every cluster refuses models
that were not there before. What was there restarts, scales and comes back (assay
rollback), and somebody may answer for more (assay breakglass).

Give --from and --until, or --until alone, which begins now; or --schedule (the five
fields of cron), --duration and --zone for a window that comes again; or none of them:
then nothing comes until the file is gone (assay thaw).

In a hurry, -o yaml prints the object that a cluster keeps: kubectl apply -f - makes it
count in that cluster within seconds, until somebody deletes it there.`,
		Example: `  assay freeze --environment production --reason "nobody is there" --from 2026-12-24T12:00:00Z --until 2027-01-04T06:00:00Z
  assay freeze --environment production --reason "no changes on weekends" --schedule "0 18 * * fri" --duration 60h --zone Europe/Paris
  assay freeze --reason "the registry was broken into" -o yaml | kubectl apply -f -`,
		Args: cobra.NoArgs,
	}
	flags := command.Flags()
	flags.StringVar(&spec.Reason, "reason", "", "why; people are told")
	flags.StringSliceVar(&spec.Environments, "environment", nil, "environment that is frozen (default all); may be repeated")
	flags.StringVar(&spec.By, "by", "", "who orders it (default: whoever commits the file)")
	flags.StringVar(&spec.From, "from", "", "when it begins: a time such as 2026-12-24T12:00:00Z (default now, where there is an end)")
	flags.StringVar(&spec.Until, "until", "", "when it ends: such a time, or hours from now such as 4h")
	flags.StringVar(&spec.Schedule, "schedule", "", "when it begins again and again: the five fields of cron")
	flags.StringVar(&spec.Duration, "duration", "", "how long each time, such as 60h")
	flags.StringVar(&spec.Zone, "zone", "", "whose clocks the schedule means, such as Europe/Paris (default UTC)")
	flags.StringVar(&name, "name", "", "name of the freeze (default <environment>-<digest>)")
	flags.StringVar(&out, "out", "", "file to write (default "+freezeFolder+"/<name>.yaml)")
	cobra.CheckErr(command.MarkFlagRequired("reason"))
	output := formsFlag(command, "file", "yaml")
	command.RunE = func(command *cobra.Command, _ []string) error {
		order, file, err := freezeOf(name, spec, time.Now())
		if err != nil {
			return err
		}
		if *output == "yaml" {
			return printObject(command.OutOrStdout(), render.Freeze(order))
		}
		if out == "" {
			out = filepath.Join(freezeFolder, order.Metadata.Name+".yaml")
		}
		if err := writeOrder(out, file); err != nil {
			return err
		}
		_, err = fmt.Fprintf(command.OutOrStdout(), "assay: wrote %s: %s\n"+mergeHint, out, frozenWhen(order.Spec, time.Now()))
		return err
	}
	return command
}

// freezeOf is the order, and the file that holds it: what a repository would refuse
// is refused here.
func freezeOf(name string, spec v1alpha1.FreezeSpec, now time.Time) (order v1alpha1.Freeze, file []byte, err error) {
	if spec.Until != "" {
		ends, err := untilWhen(spec.Until, now)
		if err != nil {
			return order, nil, err
		}
		spec.Until = ends.Format(time.RFC3339)
		if spec.From == "" {
			spec.From = now.UTC().Truncate(time.Second).Format(time.RFC3339)
		}
	}
	if name == "" {
		about, err := yaml.Marshal(spec)
		if err != nil {
			return order, nil, err
		}
		where := "everywhere"
		if len(spec.Environments) > 0 {
			where = spec.Environments[0]
		}
		name = where + "-" + evidence.Sum(about).Hex()[:12]
	}
	order = v1alpha1.Freeze{
		Header: v1alpha1.Header{APIVersion: v1alpha1.APIVersion, Kind: "Freeze", Metadata: v1alpha1.Metadata{Name: name}},
		Spec:   spec,
	}
	if file, err = yaml.Marshal(order); err != nil {
		return order, nil, err
	}
	return order, file, v1alpha1.Decode("the freeze", file, &v1alpha1.Freeze{})
}

// frozenWhen tells when and where nothing new comes.
func frozenWhen(spec v1alpha1.FreezeSpec, now time.Time) string {
	where := "all environments"
	if len(spec.Environments) > 0 {
		where = strings.Join(spec.Environments, ", ")
	}
	window := spec.Window()
	begins, at := now, window.At(now)
	if !at.Holds && at.Until.IsZero() {
		return "it is over already"
	}
	if !at.Holds {
		begins = at.Until
		at = window.At(begins)
	}
	if at.Until.IsZero() {
		return "nothing new comes into " + where + " until somebody lifts it (assay thaw)"
	}
	return fmt.Sprintf("nothing new comes into %s from %s until %s", where, begins.UTC().Format(time.RFC3339), at.Until.UTC().Format(time.RFC3339))
}

func newThaw() *cobra.Command {
	return &cobra.Command{
		Use:   "thaw NAME",
		Short: "Take a freeze away before it ends by itself",
		Long: `Remove the file of a freeze from the promotion repository. Commit that in a pull
request of its own: a change is judged by the freezes that are merged, and cannot lift
the one that keeps it out. A freeze that was made in a cluster is lifted there:
kubectl delete freezes.assay.dev NAME.`,
		Example: "  assay thaw production-0123456789ab",
		Args:    cobra.ExactArgs(1),
		RunE: func(command *cobra.Command, arguments []string) error {
			file, err := frozenFile(arguments[0])
			if err != nil {
				return err
			}
			if err := os.Remove(file); err != nil {
				return err
			}
			_, err = fmt.Fprintf(command.OutOrStdout(), "assay: removed %s\nassay: hint: it counts when that is merged, in a pull request of its own\n", file)
			return err
		},
	}
}

// frozenFile is the file of a freeze, which must hold that freeze.
func frozenFile(name string) (string, error) {
	if name != filepath.Base(name) {
		return "", fmt.Errorf("%q is not the name of a freeze", name)
	}
	file := filepath.Join(freezeFolder, name+".yaml")
	content, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("there is no %s\nhint: ls %s", file, freezeFolder)
	}
	if err != nil {
		return "", err
	}
	return file, v1alpha1.Decode(file, content, &v1alpha1.Freeze{})
}
