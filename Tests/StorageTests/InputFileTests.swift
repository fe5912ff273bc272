// Goal: mapped inputs with readable bytes behind them, zones by name, secrets without their values in errors. Method: files of the sizes
// around a page; the zones of this system; a folder that stands for the credentials.

import Glibc
import Testing

@testable import Storage

@Suite struct InputFileTests {
    let folder = TemporaryFolder()

    @Test(arguments: [0, 1, 63, 64, 4095, 4096, 4097, 8192, 1_000_003]) func zeroBytesFollowAMappedFile(_ size: Int) throws {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 | 1) }
        let file = try LineFile(path: folder.file("input", bytes))
        #expect(Array(file.bytes) == bytes)
        let start = try #require(file.bytes.baseAddress)
        let slack = UnsafeRawBufferPointer(start: start + size, count: LineFile.slackBytes)
        #expect(slack.allSatisfy { $0 == 0 })
    }

    /// Contract §1: at the start of a file alone.
    @Test func aByteOrderMarkAtTheStartIsSkipped() throws {
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        for (content, wanted) in [
            (mark + [1, 2], [1, 2]), (mark, []), (mark + mark, mark), ([1] + mark, [1] + mark), ([0xef, 0xbb], [0xef, 0xbb]),
        ] {
            let file = try LineFile(path: folder.file("input", content))
            #expect(Array(file.bytes) == wanted)
            let slack = UnsafeRawBufferPointer(start: try #require(file.bytes.baseAddress) + wanted.count, count: LineFile.slackBytes)
            #expect(slack.allSatisfy { $0 == 0 })
        }
    }

    @Test func onlyRegularFilesAreMapped() {
        #expect(throws: StorageError.self) { try LineFile(path: folder.path) }
        #expect(throws: StorageError.self) { try LineFile(path: "/dev/null") }
        #expect(throws: StorageError.self) { try LineFile(path: folder.path + "/missing") }
    }

    @Test(arguments: ["UTC", "Europe/Paris", "America/Argentina/Buenos_Aires", "Etc/GMT+1", "US/Pacific"])
    func zonesOfTheSystem(_ name: String) throws {
        let bytes = try #require(try TimeZoneFiles().data(name: name))
        #expect(bytes == (try content("/usr/share/zoneinfo/" + name)))
    }

    @Test(arguments: [
        "", "/etc/passwd", "../../etc/passwd", "Europe/../Europe/Paris", "Europe", "Europe/", "/Europe/Paris", "Europe//Paris",
        "Nowhere/Else", "localtime", "right/UTC", "posixrules", "Factory", "tzdata.zi", "zone.tab", "Europe/Paris\u{0}", "Europe/Pärnu",
    ])
    func whatIsNoZone(_ name: String) throws {
        #expect(try TimeZoneFiles().data(name: name) == nil)
    }

    @Test func namesAreThoseOfZones() throws {
        let names = TimeZoneFiles().names
        for name in ["UTC", "Europe/Kiev", "Europe/Kyiv", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "EST5EDT"] {
            #expect(names.contains(name))
        }
        #expect(names.allSatisfy { (try? TimeZoneFiles().data(name: $0)) ?? nil != nil })
        #expect(!names.contains { $0.hasPrefix("right") || $0.hasPrefix("posix") || ["localtime", "Factory", "zone.tab"].contains($0) })
        #expect(TimeZoneFiles(folder: folder.path + "/missing").names.isEmpty)
    }

    @Test func whatDoesNotBeginAsAZoneIsNone() throws {
        _ = try folder.file("Fake", "TZi")
        _ = try folder.file("Zone", "TZif2…")
        mkfifo(folder.path + "/Pipe", 0o600)
        let zones = TimeZoneFiles(folder: folder.path)
        #expect(try zones.data(name: "Fake") == nil)
        #expect(try zones.data(name: "Pipe") == nil)
        #expect(try zones.data(name: "Zone") == Array("TZif2…".utf8))
    }

    @Test func versionsOfTheZones() throws {
        let zones = TimeZoneFiles(folder: folder.path)
        #expect(zones.version == nil)
        _ = try folder.file("+VERSION", "2024a\n")
        #expect(zones.version == "2024a")
        _ = try folder.file("tzdata.zi", "# version 2025b\nR d 1916\n")
        #expect(zones.version == "2025b")
        _ = try folder.file("tzdata.zi", "# version \n")
        #expect(zones.version == nil)
        #expect(TimeZoneFiles().version != nil)
    }

    @Test func secretsWithoutTheirLineFeed() throws {
        let secrets = Secrets(credentialsDirectory: folder.path)
        for (content, value) in [("hunter2\n", "hunter2"), ("hunter2", "hunter2"), ("a\nb\r\n", "a\nb"), (" a \n\n", " a \n")] {
            let path = try folder.file("password", content)
            #expect(try secrets.read(file: "password", key: "kafka.sasl.password") == value)
            #expect(try Secrets(credentialsDirectory: nil).read(file: path, key: "kafka.sasl.password") == value)
        }
    }

    @Test func errorsNameTheKeyAndTheFile() throws {
        let secrets = Secrets(credentialsDirectory: folder.path)
        _ = try folder.file("empty", "\n")
        _ = try folder.file("binary", [0x68, 0x75, 0x6e, 0x74, 0xff])
        _ = try folder.file("zero", "hunt\u{0}er")
        _ = try folder.file("long", [UInt8](repeating: 0x68, count: Secrets.maximumBytes + 1))
        try Folders.create(folder.path + "/folder")
        for name in ["empty", "binary", "zero", "long", "folder", "missing", "", "../password", "a/../../b"] {
            let error = #expect(throws: StorageError.self) { try secrets.read(file: name, key: "http.token") }
            let description = error?.description ?? ""
            #expect(description.hasPrefix("cannot read the secret http.token from "), "\(description)")
            #expect(description.contains(name) && !description.contains("hunt"), "\(description)")
        }
        let error = #expect(throws: StorageError.self) { try Secrets(credentialsDirectory: nil).read(file: "token", key: "http.token") }
        #expect(error?.description.contains("$CREDENTIALS_DIRECTORY is not set") == true)
        #expect(error?.hint?.contains("LoadCredential=token") == true)
    }
}
