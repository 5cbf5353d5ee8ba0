// Package faults breaks things while the door is busy. It has tests only.
//
// A real API server asks two doors behind a balancer, at a constant rate, and
// every answer is compared with what it must be. In the meantime a door is
// killed, the disk is full, the rules are broken. A wrong admission is never
// forgiven; a refusal only where the test says so, and it is counted.
//
//	make faults
//
// takes the rate of ASSAY_FAULTS_RATE for ASSAY_FAULTS_LULL seconds before and
// after each fault; what `make test-e2e` runs is shorter and gentler.
package faults
