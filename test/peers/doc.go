// Command peers does the same work on the same data with our statistics and
// with the programs that people use instead, and prints how much longer they
// take and whether the numbers agree:
//
//	make bench-peers
//
// Ours and theirs take turns in one run, so that a busy machine is busy for
// both; a ratio is the median over the rounds. Data are generated, handed over
// in files before the clock starts, and the same every time. Python's packages
// are installed into .assay/peers, at the versions of requirements.txt; what is
// not there is said to be not there, and measured against nothing.
//
// It is a benchmark, run by hand and never by a test. No package may import it.
package main
