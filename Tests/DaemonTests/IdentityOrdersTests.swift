// Goal: lists of members are in the order of identity bytes, whoever comes meanwhile, and no slice of the engine's time is long. Method: an
// engine with identities that come a few and very many at a time, beside a sorted list; how often one has to ask again.
import Campaigns
import Glibc
import Synchronization
import Testing

@testable import Daemon
@testable import Engine

@Suite struct IdentityOrdersTests {
    private final class Listed {
        let house = House()
        let orders = IdentityOrders()
        private(set) var known: Set<[UInt8]> = []
        private(set) var slices = 0

        init() {
            house.control(
                #"{"type":"schema.published","schema":{"name":"people","primaryKey":["id"],"identities":[{"field":"id","namespace":"Email"}],"fields":[{"name":"id","type":"string"}]}}"#
            )
            house.control(
                #"{"type":"campaign.published","campaign":{"id":"c","activities":[{"id":"b","type":"build-audience","dimension":"people"},{"id":"s","type":"save-audience","from":"b","audience":{"id":"a"},"identity":{"field":"id","namespace":"Email"}}]}}"#
            )
            house.commit()
        }

        func add(_ names: [String]) {
            for name in names {
                house.change(#"{"table":"people","op":"u","row":{"id":"\#(name)"}}"#)
                known.insert(Array(name.utf8))
            }
            house.commit()
        }

        /// Those listed after one, with a prefix, as often asked for as it takes.
        func list(after last: String? = nil, prefix: String = "", most: Int = .max) -> [[UInt8]] {
            while true {
                let again = SharedCount()
                if orders.prepare("Email", in: house.machine.engine, { again.add() }) { break }
                slices += 1
                while again.value == 0 { usleep(200) }
            }
            let numbers = orders.identities(
                of: "Email", in: house.machine.engine, after: last.map { Array($0.utf8) }, prefix: Array(prefix.utf8), most: most)
            return numbers.map { house.machine.engine.identity($0, of: "Email") }
        }

        func expected(after last: String? = nil, prefix: String = "", most: Int = .max) -> [[UInt8]] {
            let after = last.map { Array($0.utf8) }
            let meant = known.filter { name in
                name.starts(with: Array(prefix.utf8)) && (after.map { $0.lexicographicallyPrecedes(name) } ?? true)
            }
            return Array(meant.sorted { $0.lexicographicallyPrecedes($1) }.prefix(most))
        }
    }

    private final class SharedCount: Sendable {
        private let count = Mutex(0)
        var value: Int { count.withLock { $0 } }
        func add() { count.withLock { $0 += 1 } }
    }

    private func names(_ count: Int, _ seed: Int) -> [String] {
        // Short and long ones, ones that others begin with, and many with the same first bytes.
        (0..<count).map { number in
            let mixed = (number * 7_919 + seed * 104_729) % 1_000_003
            return ["\(mixed % 50)", "person-\(mixed)@x.fr", String(repeating: "e", count: mixed % 12), "é\(mixed)"][mixed % 4] + "\(seed)"
        }
    }

    @Test func listsAreInOrderWhoeverComesMeanwhile() {
        let listed = Listed()
        #expect(listed.list().isEmpty)
        // 20,000 are sorted anew; of a few each slice takes some.
        for (seed, count) in [3, 1, 600, 0, 40, 20_000, 5, 1500, 700].enumerated() {
            listed.add(names(count, seed))
            #expect(listed.list() == listed.expected())
            for prefix in ["", "person-", "é", "zz"] {
                let last = listed.expected(prefix: prefix).dropFirst(3).first.map { String(decoding: $0, as: UTF8.self) }
                #expect(listed.list(after: last, prefix: prefix, most: 7) == listed.expected(after: last, prefix: prefix, most: 7))
                #expect(
                    listed.list(after: "person-5", prefix: prefix, most: 7) == listed.expected(after: "person-5", prefix: prefix, most: 7))
            }
        }
        // Of 22,000, in slices of 8,192 and 512.
        #expect(listed.slices < 30)
    }

    @Test func whoWaitedWhenAnotherEngineCameAsksAgain() {
        let listed = Listed()
        listed.add(names(30, 1))
        let again = SharedCount()
        while !listed.orders.prepare("Email", in: listed.house.machine.engine, { again.add() }) {
            listed.orders.begin()
            if again.value > 3 { break }
        }
        #expect(again.value > 3)
        #expect(listed.list() == listed.expected())
    }
}
