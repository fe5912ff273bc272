// A process of the daemon on a machine with a disk: it can be killed at any call of a seam, and from then on nothing that it calls happens.
import Kafka
import Storage

/// A machine: what outlives its processes.
final class SimulatedMachine {
    let name: String
    let disk = SimulatedDisk()

    init(_ name: String, _ course: Course) {
        self.name = name
        disk.now = { course.time.wallMilliseconds() }
    }

    /// The power goes: of what was not synchronised any part is lost.
    func cutPower(_ course: Course) {
        let pageBytes = 512
        let kept = (0..<disk.state.choices(pageBytes: pageBytes)).map { _ in course.chance(500) }
        disk.state = disk.state.cut(keeping: kept, pageBytes: pageBytes)
    }
}

/// What a call of a seam is about.
enum CallKind { case read, write, disk }

/// When a process is killed: after so many calls, of one kind or of any; where these do not come, some time later.
struct Kill {
    var calls: Int
    var kind: CallKind?
    var latest = 4000

    static let never = Kill(calls: .max, latest: .max)
}

final class SimulatedProcess: @unchecked Sendable {
    let name: String
    let course: Course
    /// What happens in the world meanwhile.
    private let meanwhile: () -> Void
    private var kill: Kill
    /// How likely a call fails, in thousandths.
    let faults: Int
    private(set) var isDead = false

    init(_ name: String, _ course: Course, kill: Kill, faults: Int, meanwhile: @escaping () -> Void) {
        self.name = name
        self.course = course
        self.kill = kill
        self.faults = faults
        self.meanwhile = meanwhile
    }

    /// A call of a seam begins. False when there is nobody any more who could make it.
    func lives(_ kind: CallKind, _ call: @autoclosure () -> String) -> Bool {
        course.step()
        if isDead { return false }
        if kill.kind == nil || kill.kind == kind { kill.calls -= 1 }
        kill.latest -= 1
        if kill.calls < 0 || kill.latest < 0 || course.steps > Course.maximumSteps {
            isDead = true
            course.note("\(name) is killed at: \(call())")
            return false
        }
        meanwhile()
        return true
    }

    /// Throws when nobody lives, or the broker is not reached.
    func reach(_ call: @autoclosure () -> String) throws(KafkaError) {
        let call = call()
        guard lives(.read, call) else { throw KafkaError(operation: call, object: name, codeName: "KILLED", errorClass: .fatal) }
        if course.chance(faults) {
            course.note("\(name): \(call) fails")
            throw KafkaError(operation: call, object: name, codeName: "_TRANSPORT", errorClass: .retriable)
        }
    }

    /// What a full disk refuses.
    private static let changes = ["create", "write", "fsync", "fdatasync", "rename", "close"]

    /// Attaches the disk to this process.
    func use(_ disk: SimulatedDisk) {
        disk.willCall = { [self] operation, path throws(StorageError) in
            guard lives(.disk, "\(operation) \(path)") else { throw StorageError(operation: operation, path: path, cause: "killed") }
            if SimulatedProcess.changes.contains(operation), course.chance(faults) {
                course.note("\(name): \(operation) \(path) fails")
                throw StorageError(operation: operation, path: path, errorNumber: 28)
            }
        }
    }
}
