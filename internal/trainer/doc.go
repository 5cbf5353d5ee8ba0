// Package trainer makes a model and asks it for scores.
//
// A [Trainer] keeps one contract in two halves. Train reads training rows with
// their outcomes and writes model files. Predict reads those files and holdout
// rows from which [Blind] has removed the outcomes, and answers one score per
// row. A trainer never sees the outcomes it will be measured against, so it
// cannot grade itself: measuring is the gates' work. Load makes the same model
// ready for requests about one patient at a time, as a server would; a [Session]
// answers each as Predict answers the patient's row.
//
// [For] gives the trainer that a recipe names. Two are built in: "logistic" and
// "cox", ridge-penalised regressions whose whole model is one readable file,
// model.json. Where a survival recipe names a horizon, model.json also holds the
// baseline hazard by then, and a [Prediction] the risk of an event by then. The third, "command", runs what the recipe says: any program
// installed where the reconciler runs can be a trainer (see [Command]).
//
// Promised: the same rows, [Config] and seed give byte-identical model.json;
// a score is finite; every byte read back, also one that a trainer wrote, is
// treated as hostile.
//
// The package must never import the gates, a registry client or Kubernetes.
package trainer
