// What librdkafka tells by itself: log lines, statistics and delivery reports, and where they go.

import CRdkafka

/// The object behind a client's opaque pointer. librdkafka's threads use `handlers`, which is immutable, and `registrations`,
/// which has a lock; the deliveries are touched on the thread that polls the client.
final class ClientEvents {
    let handlers: ClientHandlers
    var deliveries = DeliveryLedger()
    let registrations = RegistrationWatch()

    init(handlers: ClientHandlers) {
        self.handlers = handlers
    }

    /// Registers the callbacks on a configuration object and itself, retained once, as its opaque pointer.
    func install(on native: OpaquePointer, kind: ClientKind) {
        rd_kafka_conf_set_opaque(native, Unmanaged.passRetained(self).toOpaque())
        rd_kafka_conf_set_log_cb(native) { client, level, facility, text in
            // Lines from before the client exists have nobody to go to.
            guard let client, let facility, let text, let events = ClientEvents.of(rd_kafka_opaque(client)) else { return }
            events.log(LogLevel(rawValue: level) ?? .debug, String(cString: facility), String(cString: text))
        }
        if handlers.statistics != nil {
            rd_kafka_conf_set_stats_cb(native) { _, json, count, opaque in
                if let json, let statistics = ClientEvents.of(opaque)?.handlers.statistics {
                    statistics(UnsafeRawBufferPointer(start: json, count: count))
                }
                return 0
            }
        }
        if kind == .producer {
            rd_kafka_conf_set_dr_msg_cb(native) { _, message, opaque in
                guard let message, let events = ClientEvents.of(opaque) else { return }
                events.deliveries.record(message.pointee)
            }
            registrations.install(on: native)
        }
    }

    func log(_ level: LogLevel, _ facility: String, _ text: String) {
        handlers.log(LogLine(level: level, facility: facility, text: text))
    }

    static func of(_ opaque: UnsafeMutableRawPointer?) -> ClientEvents? {
        opaque.map { Unmanaged<ClientEvents>.fromOpaque($0).takeUnretainedValue() }
    }
}
