// simdjson 3.0.1 of Debian 12 as Swift can call it: a record is parsed into a document that is used again, and Swift walks its tape
// (https://github.com/simdjson/simdjson/blob/master/doc/tape.md). The whole record is checked that way, whatever is read of it.
#ifndef CSIMDJSON_H
#define CSIMDJSON_H
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct CSimdjsonParser CSimdjsonParser;

/// A parser for records up to that many bytes and levels; NULL without memory.
CSimdjsonParser *csimdjson_create(size_t capacity_bytes, size_t depth);
void csimdjson_destroy(CSimdjsonParser *parser);

/// Parses one record; at least 64 more bytes after it must be readable. 0, or a code for csimdjson_message. Beyond simdjson itself:
/// lone surrogates are malformed, whole numbers beyond 64 bits are doubles, and numbers beyond all doubles are infinite.
int csimdjson_parse(CSimdjsonParser *parser, const uint8_t *bytes, size_t length);

/// What is wrong, by the code of csimdjson_parse.
const char *csimdjson_message(int code);

/// The tape and the texts of the record parsed last; valid until the next parse.
const uint64_t *csimdjson_tape(const CSimdjsonParser *parser);
const uint8_t *csimdjson_texts(const CSimdjsonParser *parser);

#ifdef __cplusplus
}
#endif
#endif
