// Package table reads CSV and Parquet files: the one door to DuckDB.
//
// [Read] gives a [Frame], columns in memory, for files of the size of a
// holdout; [Open] gives a [View], an in-memory database over files that stay
// on disk, for questions that SQL asks better. [View.Stream] shows every row of
// a file of any size, a batch at a time, and a [Sample] holds some of them.
//
// Every value is text until someone asks for numbers, so nothing is guessed:
// a column does not become numeric because its first thousand rows are. An
// empty field and the word NA are missing. CSV is RFC 4180 in UTF-8 with a
// header row; a byte order mark, CRLF and quoted line breaks are fine. Lines
// that are wholly empty are skipped, except in a table of one column, where
// such a line is a row with a missing value.
//
// Both treat the file as hostile. The database may touch the named files and
// nothing else, loads no extension, and has bounded memory. An error names
// file, row (the header not counted) and column, and never repeats a whole
// line, because a line is a patient.
//
// The package knows files and columns. It must never import gates or anything
// that knows what a column means.
package table
