// librdkafka 2.0.2 of Debian 12, as Swift can call it.
#ifndef CRDKAFKA_SHIM_H
#define CRDKAFKA_SHIM_H
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
// The descriptor that a queue's wake-up is written to: Swift's Glibc module leaves this header out.
#include <sys/eventfd.h>
#endif
