// Where the loop looks at how much memory the process takes.
import Engine

extension CommitLoop {
    /// Says it when the process comes near `memory`. What takes how much is asked only then, with nothing being applied.
    mutating func lookAtMemory() throws {
        let (committing, machine) = (committing, machine)
        try memoryWatch.look {
            try committing.finish()
            return machine.engine.held.kinds
        }
    }
}
