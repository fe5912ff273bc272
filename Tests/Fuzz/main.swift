// Fuzzing of what reads bytes of others, with libFuzzer of the Swift toolchain:
//
//     changes       records of every format, with keys, headers and mapped topics, decoded and applied to an engine with live campaigns
//     definitions   control events, read, checked and published beside tables with rows; the same bytes as a file for `validate`
//     expressions   expression texts, parsed, checked, and evaluated by the engine and by the plain evaluator, which must agree
//     images        images of the engine's state with bytes changed, with and without hashes that fit, read whole
//
// Ten minutes by hand, on one of them:
//
//     Tests/Fuzz/fuzz build
//     Tests/Fuzz/fuzz run changes 600
//
// A finding is a trap, a broken assertion, an access beyond memory, an input that takes longer than 10 s or a process of more than 2 GB.
// It is written to `.build-fuzz/findings`. Fix it at its root, write the smallest unit test that shows it, and keep the input in
// `Tests/Fuzz/corpus/<target>`: `.ci/run fuzz` begins with what lies there. What a run found new is merged into it with
// `Tests/Fuzz/fuzz keep changes`.

import Glibc

private enum Target: String, CaseIterable {
    case changes, definitions, expressions, images

    /// The one this process runs: `--target=changes` among the arguments, which libFuzzer leaves to us.
    static let chosen: Target = {
        let prefix = "--target="
        guard let argument = CommandLine.arguments.first(where: { $0.hasPrefix(prefix) }),
            let target = Target(rawValue: String(argument.dropFirst(prefix.count)))
        else { fatalError("say one of \(allCases.map { prefix + $0.rawValue }.joined(separator: ", "))") }
        return target
    }()

    /// What is done with one input. A trap is a finding.
    func run(_ input: UnsafeRawBufferPointer) {
        switch self {
        case .changes: fuzzChanges(input)
        case .definitions: fuzzDefinitions(input)
        case .expressions: fuzzExpressions(input)
        case .images: fuzzImages(input)
        }
    }
}

/// Called by libFuzzer with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    Target.chosen.run(UnsafeRawBufferPointer(start: bytes, count: count))
    return 0
}

/// Calls the body with a copy of some bytes, behind which as many can be read as the parsers ask for, and not one more.
func withPadded<Result>(_ bytes: some Collection<UInt8>, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count + 64, alignment: 1)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 0)
    memory.copyBytes(from: bytes)
    return try body(UnsafeRawBufferPointer(rebasing: memory[..<bytes.count]))
}

/// Traps when something that always holds does not.
func require(_ condition: Bool, _ message: @autoclosure () -> String) {
    if !condition { fatalError(message()) }
}

/// libFuzzer's own loop. The package manager gives the program's entry another name, so that libFuzzer's is not found by itself.
@_silgen_name("LLVMFuzzerRunDriver")
private func runLibFuzzer(
    _ count: UnsafeMutablePointer<Int32>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

private var count = CommandLine.argc
private var arguments = CommandLine.unsafeArgv
exit(runLibFuzzer(&count, &arguments, testOneInput))
