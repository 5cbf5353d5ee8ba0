// Package curves makes the curves of a report from the scores of a holdout and
// what happened to its patients.
//
// Evidence holds no scores, and a curve drawn through every patient gives
// patients away: the steps of an ROC curve are scores, those of a Kaplan-Meier
// curve are days of death. So patients are first gathered into cells, by rising
// score, in which the patients with the event, and those without, are none or
// at least eleven (CMS cell size policy: no cell of 1 to 10 is published). ROC
// and calibration are functions of sums over those cells, and survival of sums
// over spans of time with eleven events, so no difference of two of their
// numbers stands for fewer patients. A net benefit is one rounded number about
// everybody. What cannot be shown under this rule is told in Omitted.
//
// The package knows scores, outcomes and statistics. It must never import
// gates, the report, or anything that reads a file.
package curves
