// A daemon whose commits say three events of what is large, and leave the rest to the next ones: then nearly every commit leaves something.
// The kill test kills it between any two of them; that is all this program is for.
import Daemon

exit(status: runDaemon(Array(CommandLine.arguments.dropFirst(2)), eventsPerCommit: 3))
