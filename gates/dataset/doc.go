// Package dataset measures the data that a model was made and judged with: is
// it the data that the contract describes, may it be used, and do training and
// holdout rows resemble each other without sharing patients?
//
// [Gate] measures a candidate; [MeasureFiles] measures loose files. The
// holdout is the current sample and the training rows are the reference: drift
// is the first against the second, everything else covers both together. A
// measurement that is about one column carries its name as Group.
//
//	rows, rows_held          per sample; Group names the sample
//	columns_missing          columns of the contract that not every file has; each one is a
//	                         column_missing
//	columns_unexpected       columns that the contract does not name; each one is a
//	                         column_unexpected
//	type_violations          values that are not of the contract's type
//	required_missing         missing values in a column where none may be
//	missing_fraction         with Wilson's interval
//	range_violations         numbers outside min and max
//	domain_violations        values that the contract does not list
//	soft_limits_declared     columns with low or high; soft_range_violations are the numbers
//	                         beyond, of each such column
//	median_ratio             of the current sample to the reference, where the contract names a
//	                         unit: of the values that are not 0, without sign; units_compared
//	                         counts the columns
//	missing_difference_by_label   of events less that of non-events, Newcombe
//	missing_difference_by_group   of the cohort that misses most less that of the one that
//	                         misses least; Group is column:cohort column. Both have a _p_value
//	                         and a _p_holm, and missing_differences counts them
//	duplicate_rows           rows minus distinct rows, key and label included
//	duplicate_keys           rows with a key minus distinct keys; with an index date, minus
//	                         distinct pairs of both
//	temporal_split, index_date_declared, external_split, site_declared,
//	adjudication_stated, extracted_declared, horizon_declared   whether the contract, or the
//	                         model, says so: 1 or 0
//	index_date_unusable      rows whose index date is missing or no date
//	dated_features           features that are dates; features_after_index counts the rows in
//	                         which one lies after the index date
//	temporal_overlap         rows of a later holdout that are no later than the last of training
//	site_overlap, site_missing   sites in both samples, rows without one
//	raters, kappa            columns of readings, and how far two agree, with its interval
//	extracted                the end of the day on which the data was taken from its source, in
//	                         Unix seconds
//	patient_overlap          keys that occur in both samples
//	row_overlap              distinct feature rows that occur in both samples
//	conflicting_labels       distinct feature rows that carry both labels
//	near_duplicate_rows      rows that equal another one once numbers are rounded to a
//	                         thousandth of their column's largest, exact copies left out
//	label_missing, label_invalid, negative_times
//	events, non_events       in the current sample; survival: events and censored rows
//	prevalence               per sample, with Wilson's interval
//	model_parameters, development_n_required, events_per_variable   Riley's criteria for the
//	                         reference rows; of survival the event counts, whenever it came
//	c_statistic_width        to be expected of the current sample's interval
//	censored_fraction, follow_up_maximum, follow_up_median   per sample; survival
//	horizon                  of the model; at_risk_at_horizon is the share of a sample that was
//	                         followed until then without an event, known_at_horizon these and
//	                         those with the event before
//	leakage_auroc            of one number column alone, max(a, 1-a), DeLong;
//	                         survival: Harrell's C, max(c, 1-c)
//	leakage_purity           of one text column alone: share of rows whose label is the
//	                         commonest one of their level; leakage_purity_baseline is the
//	                         same without the column
//	ks, ks_p_value, ks_p_holm, mann_whitney_u, mann_whitney_p_value,
//	wasserstein, psi, js_distance                       drift of a number column
//	psi_by_value             the same, one bin per value, where the reference has no deciles
//	                         (0/1 codes have none, and psi is 0 whatever happens to them)
//	chi_square, chi_square_p_value, chi_square_p_holm,
//	psi, js_distance, cramers_v                         drift of a text column
//	ks_null_95, psi_null_95  what chance alone exceeds once in twenty times
//	drift_power              the chance that the comparison sees a distance (number) or a
//	                         Cramér's V (text) of 0.2: below 0.8 it says nothing;
//	                         drift_rows_needed of each sample would have 0.8
//	prevalence_difference    current less reference, Newcombe
//	domain_classifier_auroc  of a regression that tells the samples apart, all columns together
//	commonest_fraction, distinct_fraction, outlier_fraction, variance_inflation   per column
//	number_features          columns with an outlier_fraction
//	constant_columns, near_constant_columns, collinear_pairs; each one is a correlation
//	constant_features, collinear_features   the same of the columns that the model learns from
//	cohort_rows              of the current sample; Group is column=cohort; cohorts_absent are
//	                         those that the contract names and nobody belongs to
//	uniform_cells            groups of 11 patients and more, alike in cohort and decade of age,
//	                         whose outcomes are all the same; least_diversity is the least number
//	                         of distinct outcomes of such a group
//	quasi_identifiers, cells_under_11, smallest_cell   patients alike in cohort and decade of
//	                         age; a size under 11 has no Value, and Method is <11
//	phi_values               identifiers found, per column and type; Group is column:type
//	phi_columns              columns in which any was found; an age of 90 is none where the
//	                         contract ends the ages there, so that it means "90 or older"; dates
//	                         are none in a limited data set
//
// Files may be larger than memory. What is counted (rows, violations, missing
// values, repetitions, identifiers) is counted in every row, while the database
// reads the file once: a census of checks per column. Repetitions are counted
// by a 63-bit hash: of rows that are kept, without their text, where they fit,
// and else the file is read again, and once or a few times more for hashes that
// may be repeated. What orders values (drift, leakage, shape) is measured on
// rows_held rows of each sample: all, or about 200,000 that the hash of their
// patient picks. A contract that names more (dates, a horizon, soft limits) is
// asked of the database in SQL.
//
// Text of more than 20 levels has no leakage_purity: with few rows per level
// the commonest label fits by chance. Dates have neither leakage nor drift.
// Features are all columns that are not key, label, time, event, split, index
// date or the reading of a rater, so that a leak is found before a model learns
// to use it. Values are compared as text: 1 and 1.0 are two rows.
//
// A measurement whose Value is empty could not be had, and Method says why.
// No measurement ever holds a value of a patient: counts, column names and row
// numbers only.
//
// The package knows data and its contract. It must never import the other
// gates, the judge or Kubernetes; it reads files through internal/table and
// computes with internal/stats.
package dataset
