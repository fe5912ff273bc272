// swift-tools-version: 6.1
import PackageDescription

// Dependencies point down: audienced → Daemon → Pages, Kafka, HTTP, Storage, Wire → Engine → Campaigns; Oracle stands beside Engine. Every
// C or C++ library of Debian stands behind one small C… target, and only the target named beside it imports that.

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    // The compiler proves exclusive access within a struct; the checks at run time, for classes, are for debug builds.
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

let package = Package(
    name: "audienced",
    products: [.executable(name: "audienced", targets: ["audienced"])],
    targets: [
        .executableTarget(
            name: "audienced", dependencies: ["Daemon"], swiftSettings: strict,
            // What a program that others reach over the network should not leave writable.
            linkerSettings: [.unsafeFlags(["-Xlinker", "-z", "-Xlinker", "relro", "-Xlinker", "-z", "-Xlinker", "now"])],
            plugins: ["CommitOfBuild"]),
        .plugin(name: "CommitOfBuild", capability: .buildTool(), path: "Sources/CommitOfBuild"),
        .plugin(name: "ArticlesOfManual", capability: .buildTool(), path: "Sources/ArticlesOfManual"),

        .target(
            name: "Daemon", dependencies: ["Pages", "HTTP", "Kafka", "Storage", "Wire", "Engine", "Oracle", "Campaigns", "CYaml"],
            swiftSettings: strict),
        .target(
            name: "Pages", dependencies: ["HTTP", "Campaigns"],
            resources: [.embedInCode("console.css"), .embedInCode("console.js"), .embedInCode("console.svg")], swiftSettings: strict,
            plugins: ["ArticlesOfManual"]),
        .target(name: "HTTP", dependencies: ["Storage", "Campaigns", "CMicrohttpd"], swiftSettings: strict),
        .target(name: "Kafka", dependencies: ["CRdkafka"], swiftSettings: strict),
        .target(name: "Storage", dependencies: ["CZstd", "CCrypto", "CSearch", "CXxhash"], swiftSettings: strict),
        .target(name: "Wire", dependencies: ["Engine", "Campaigns", "CSimdjson", "CXxhash"], swiftSettings: strict),
        .target(name: "Engine", dependencies: ["Campaigns", "CMremap", "CPrefetch", "CXxhash"], swiftSettings: strict),
        .target(name: "Oracle", dependencies: ["Campaigns"], swiftSettings: strict),
        .target(name: "Campaigns", swiftSettings: strict),

        .systemLibrary(name: "CRdkafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
        .systemLibrary(name: "CMicrohttpd", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
        .target(name: "CSimdjson", cxxSettings: [.unsafeFlags(["-O2"])], linkerSettings: [.linkedLibrary("simdjson")]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CMremap"),
        .systemLibrary(name: "CPrefetch"),
        .systemLibrary(name: "CSearch"),
        .systemLibrary(name: "CXxhash", pkgConfig: "libxxhash", providers: [.apt(["libxxhash-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CYaml", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),

        // Wrong on purpose: the kill test must catch it.
        .executableTarget(
            name: "audienced-split-journal", dependencies: ["Daemon", "Wire"], path: "Tests/SplitJournal", swiftSettings: strict),

        // Leaves something to say in nearly every commit, for the kill test.
        .executableTarget(
            name: "audienced-small-commits", dependencies: ["Daemon"], path: "Tests/SmallCommits", swiftSettings: strict),

        // Right by older rules: what an upgrade finds.
        .executableTarget(
            name: "audienced-older-zones", dependencies: ["Daemon", "Storage", "Campaigns"], path: "Tests/OlderZones", swiftSettings: strict
        ),

        // The daemon's own loop over a simulated broker, disk and clock: `swift run -c release audienced-simulator --seeds 1..1000`.
        .executableTarget(
            name: "audienced-simulator", dependencies: ["Daemon", "HTTP", "Kafka", "Storage", "Wire", "Campaigns", "Oracle"],
            path: "Tests/Simulator", swiftSettings: strict),

        // Prints figures, not verdicts: `swift run -c release audienced-benchmark --help`. It compares with bare librdkafka.
        .executableTarget(
            name: "audienced-benchmark", dependencies: ["Daemon", "Kafka", "Storage", "Wire", "Engine", "Campaigns", "CRdkafka"],
            path: "Tests/Benchmark",
            swiftSettings: strict),

        // Ends with 1 when the way of a change asks for memory. Its allocator counts.
        .executableTarget(
            name: "audienced-allocations", dependencies: ["CAllocationCount", "Wire", "Engine", "Campaigns"], path: "Tests/Allocations",
            swiftSettings: strict),
        .target(name: "CAllocationCount", path: "Tests/CAllocationCount"),

        .testTarget(name: "CampaignsTests", dependencies: ["Campaigns"], swiftSettings: strict),
        .testTarget(name: "EngineTests", dependencies: ["Engine", "Campaigns", "Oracle"], swiftSettings: strict),
        .testTarget(name: "OracleTests", dependencies: ["Oracle", "Campaigns"], swiftSettings: strict),
        .testTarget(name: "WireTests", dependencies: ["Wire", "Engine", "Campaigns"], swiftSettings: strict),
        .testTarget(name: "StorageTests", dependencies: ["Storage"], exclude: ["Golden"], swiftSettings: strict),
        .testTarget(name: "KafkaTests", dependencies: ["Kafka"], swiftSettings: strict),
        .testTarget(name: "HTTPTests", dependencies: ["HTTP", "Campaigns"], swiftSettings: strict),
        .testTarget(name: "PagesTests", dependencies: ["Pages", "Campaigns"], swiftSettings: strict),
        .testTarget(name: "DaemonTests", dependencies: ["Daemon"], exclude: ["Golden"], swiftSettings: strict),
        .testTarget(name: "BenchmarkTests", dependencies: ["audienced-benchmark", "Engine", "Campaigns"], swiftSettings: strict),
        .testTarget(name: "HouseTests", swiftSettings: strict),
    ],
    cxxLanguageStandard: .cxx17
)

// Needs the sanitizer's runtime to link: only there when it is asked for (Tests/Fuzz/fuzz).
if Context.environment["AUDIENCED_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "audienced-fuzz", dependencies: ["Daemon", "Storage", "Wire", "Engine", "Campaigns", "Oracle"], path: "Tests/Fuzz",
            exclude: ["corpus", "fuzz", "changes.dict", "definitions.dict", "expressions.dict", "images.dict"], swiftSettings: strict))
}
