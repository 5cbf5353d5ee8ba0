// Package load asks a door as a busy API server does, and tells how long the
// answers took.
//
// It is a model of arrival: pods are created when somebody creates them, not
// when the door has time. [Rate] therefore sends at a constant rate, and counts
// each answer from the instant at which its question was due: a door that stands
// still for a second has made every question of that second late, and not one
// ("coordinated omission", Gil Tene, How NOT to Measure Latency, 2013). What a
// door can do at most, [Flood] tells.
//
// [Client] speaks as an API server does: TLS 1.3, HTTP/2, one connection that
// stays. [Crowd] is ten thousand releases, made of one that a demo has really
// delivered, and [Process] the door itself, seen from outside: its memory, its
// processor time, its sockets.
//
// Tests and benchmarks are its only users.
package load
