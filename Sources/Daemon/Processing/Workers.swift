// Whose threads do what is done beside the loop: the seam at which a simulation takes its chances in place of the machine's.

/// Who works for stages, the watch and the writers of files.
package enum Workers: Sendable {
    /// Threads of their own.
    case threads
    /// Who hands over a job or asks how far it is, so that nothing happens at the same time: whenever `isFree` says so, and at the latest
    /// when there is nothing left but to wait for it.
    case caller(isFree: @Sendable () -> Bool)
}
