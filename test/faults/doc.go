// Package faults breaks things while the door is busy. It has tests only.
//
// A real API server asks two doors behind a balancer, at a constant rate, and
// every answer is compared with what it must be. In the meantime a door is
// killed, certificates are exchanged, the rules are broken, the registry is of no
// help, the disk is full, the API server is gone. A wrong admission is never
// forgiven; a refusal only where the test says so, and it is counted.
//
// An API server of one machine does not create a thousand objects a second, but
// it asks a door that often when the door is registered many times: each object is
// reviewed once through each entrance, at the same time, and refused when one of
// the reviews is. The doors' own counters say how many reviews there were, and that
// not one more was allowed than might be.
//
//	make faults
//
// takes the rate of ASSAY_FAULTS_RATE (reviews a second) through ASSAY_FAULTS_FAN
// entrances for ASSAY_FAULTS_LULL seconds before and after each fault, and tells
// each in a row of a table; what `make test-e2e` runs is shorter and gentler.
package faults
