// The reused memory of records that were read and of headers that are to be sent.

import Testing

@testable import Kafka

@Suite struct RecordMemoryTests {
    private func append(_ batch: inout RecordBatch, _ offset: Int64, _ key: [UInt8]?, _ value: [UInt8]?) {
        let bytes = (key ?? []) + (value ?? [])
        bytes.withUnsafeBytes { all in
            guard let start = all.baseAddress else {
                preconditionFailure("a record of a test has bytes")
            }
            batch.append(
                topicIndex: 2, partition: 5, offset: offset, timestampMilliseconds: -1, key: key == nil ? nil : start,
                keyCount: key?.count ?? 0, value: value == nil ? nil : start + (key?.count ?? 0), valueCount: value?.count ?? 0)
        }
    }

    @Test func growsAndKeepsWhatItHolds() {
        var batch = RecordBatch(capacityBytes: 0)
        for number in 0..<300 {
            append(&batch, Int64(number), [UInt8(number % 256)], Array(repeating: UInt8(number % 251), count: number))
            let name: [UInt8] = [1, 2, 3]
            name.withUnsafeBytes { bytes in
                guard number % 3 == 0, let start = bytes.baseAddress else { return }
                batch.appendHeader(name: start, nameCount: 3, value: start, valueCount: 2)
                batch.appendHeader(name: start, nameCount: 1, value: nil, valueCount: 0)
            }
        }
        batch.seal()
        #expect(batch.count == 300)
        for number in 0..<300 {
            let record = batch[number]
            #expect(record.topicIndex == 2 && record.partition == 5 && record.offset == Int64(number))
            #expect(record.timestampMilliseconds == -1)
            #expect(record.key.map { Array($0) } == [UInt8(number % 256)])
            #expect(record.value.map { Array($0) } == Array(repeating: UInt8(number % 251), count: number))
            #expect(record.headerCount == (number % 3 == 0 ? 2 : 0))
            if number % 3 == 0 {
                let first = batch.header(0, of: record)
                #expect(Array(first.name) == [1, 2, 3] && first.value.map { Array($0) } == [1, 2])
                #expect(batch.header(1, of: record).value == nil)
            }
        }
        #expect(batch.byteCount == 300 + 299 * 300 / 2 + 100 * 6)
        batch.removeAll()
        #expect(batch.count == 0 && batch.byteCount == 0)
    }

    @Test func recordsAreBroughtIntoTheirOrder() {
        var batch = RecordBatch()
        let places: [(topic: Int32, partition: Int32, offset: Int64)] = [(1, 0, 7), (0, 1, 3), (0, 0, 9), (1, 0, 8), (0, 0, 10), (0, 1, 4)]
        for (number, place) in places.enumerated() {
            let bytes = [UInt8(number), UInt8(number + 100)]
            bytes.withUnsafeBytes { bytes in
                guard let start = bytes.baseAddress else { return }
                batch.append(
                    topicIndex: place.topic, partition: place.partition, offset: place.offset, timestampMilliseconds: 0,
                    key: start, keyCount: 1, value: start + 1, valueCount: 1)
                batch.appendHeader(name: start, nameCount: 1, value: nil, valueCount: 0)
            }
        }
        for _ in 0..<2 {
            batch.sort()
            for (place, number) in [2, 4, 1, 5, 0, 3].enumerated() {
                let record = batch[place]
                #expect(record.topicIndex == Int(places[number].topic) && record.partition == places[number].partition)
                #expect(record.offset == places[number].offset)
                #expect(record.key.map { Array($0) } == [UInt8(number)] && record.value.map { Array($0) } == [UInt8(number + 100)])
                #expect(Array(batch.header(0, of: record).name) == [UInt8(number)])
            }
        }
    }

    @Test func headersThatDifferAreTakenOffAgain() {
        var headers = RecordHeaders()
        headers.append("ce_specversion", "1.0")
        let constant = headers
        headers.append("ce_id", text: "8123-4")
        headers.append("ce_type", text: "x")
        #expect(headers.count == 3)
        headers.removeLast(2)
        #expect(headers.count == 1 && headers.bytes == constant.bytes)
        headers.removeAll()
        #expect(headers.count == 0 && headers.bytes.isEmpty)
    }
}
