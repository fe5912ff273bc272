// A daemon with a sink that is wrong on purpose, for the kill test.
import Daemon

exit(status: runDaemon(Array(CommandLine.arguments.dropFirst(2)), around: SplitJournalSink.init))
