// Package calendar knows when something holds that people have written down as
// a window: from one instant until another, again and again by a schedule, or
// until somebody takes it back. [Parse] reads such a window, [Window.At] says
// whether it holds at an instant and when that will change, and [Join] says the
// same of several together.
//
// Schedules are the five fields of cron (crontab(5)). They are read and reckoned
// here and not by a library: github.com/robfig/cron, the usual one, leaves out a
// time that clocks skip in spring, so that a freeze of that night would never
// begin; it looks forward only, and a freeze must know since when it holds; and the
// admission webhook would link it. In doubt a window holds: what begins in an hour
// that is skipped begins when the clocks jump, and what begins at two o'clock begins
// at both, in the night that has two of them.
//
// It knows instants and time zones, whose rules are in the binary. It must never
// import anything but the standard library.
package calendar
