// Package judge asks the rules: evidence in, verdict out.
//
// There is one judge behind every door (pull request, rehearsal, admission,
// audit). It is the only importer of OPA. [New] compiles a bundle of rules and
// thresholds once; [Judge.Judge] answers a [Question] with a gates.Verdict.
// The same question and the same bundle give the same verdict, byte for byte.
//
// [Judge.Why] tells what would have satisfied a rule, by asking it about evidence
// in which one number is another.
//
// A rule states what must be true. What is missing, malformed, contradictory
// or unknown makes `satisfied` undefined, and an unsatisfied rule is a
// finding: doubt closes the door by construction. An error from this package
// means that nothing was judged; the caller keeps its door shut.
//
// It must never import the measurers, nor reach the network: the rules are
// compiled without any builtin that is not a pure function of its arguments.
package judge
