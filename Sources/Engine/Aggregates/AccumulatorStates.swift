// What accumulators keep for the rows of their parents: each row has the place of its state in a list of its own (`Table.accumulated`).

struct AccumulatorStates: ~Copyable {
    /// Of SUM, AVG, and COUNT of more than 32 bits.
    var sums = Pool(empty: SumState())
    /// Of MIN, MAX and COUNT_DISTINCT.
    var valueSets = Pool(empty: ValueSet())

    /// What they take.
    var byteCount: Int { sums.byteCount + valueSets.byteCount }
}
