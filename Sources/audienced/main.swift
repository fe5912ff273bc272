// The program: commands only; what each does is in Daemon/Commands.
import Daemon

exit(status: runCommand(CommandLine.arguments, commit: builtCommit))
