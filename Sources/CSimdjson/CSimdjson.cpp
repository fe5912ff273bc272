// The adapter to simdjson that its header describes: nothing of C++ leaves this file.
#include "CSimdjson.h"

#include <simdjson.h>

#include <cctype>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>
#include <string>
#include <vector>

using namespace simdjson;

struct CSimdjsonParser {
    dom::parser parser;
    size_t depth;
    std::string rewritten;
    std::vector<size_t> huge;
};

namespace {

constexpr int lone_surrogate = 1000;

/// The four hex digits after "\u", or -1.
int code_unit(const uint8_t *bytes) {
    int unit = 0;
    for (int place = 0; place < 4; place++) {
        uint8_t digit = bytes[place];
        int value = digit >= '0' && digit <= '9' ? digit - '0' : (digit | 32) >= 'a' && (digit | 32) <= 'f' ? (digit | 32) - 'a' + 10 : -1;
        if (value < 0) return -1;
        unit = unit << 4 | value;
    }
    return unit;
}

/// simdjson lets a low surrogate stand without its high one. Only called for records that parse.
bool has_lone_surrogate(const uint8_t *bytes, size_t length) {
    bool after_high = false;
    for (size_t place = 0; place + 1 < length; place++) {
        if (bytes[place] != '\\') { after_high = false; continue; }
        if (bytes[place + 1] == 'u' && place + 6 <= length) {
            int unit = code_unit(bytes + place + 2);
            bool high = unit >= 0xd800 && unit < 0xdc00, low = unit >= 0xdc00 && unit < 0xe000;
            if (low != after_high) return true;
            after_high = high;
            place += 5;
        } else {
            if (after_high) return true;
            place += 1;
        }
    }
    return after_high;
}

/// Whether the bytes are a number by JSON's grammar, without its sign.
bool is_number(const std::string &text, bool &whole) {
    size_t place = 0;
    auto digits = [&] { size_t start = place; while (place < text.size() && isdigit(text[place])) place++; return place - start; };
    size_t integral = digits();
    if (integral == 0 || (integral > 1 && text[0] == '0')) return false;
    whole = place == text.size();
    if (place < text.size() && text[place] == '.') { place++; if (!digits()) return false; }
    if (place < text.size() && (text[place] | 32) == 'e') {
        place++;
        if (place < text.size() && (text[place] == '+' || text[place] == '-')) place++;
        if (!digits()) return false;
    }
    return place == text.size();
}

/// Whether the digits, with a minus before them or not, are an integer of simdjson's: signed, or not negative and unsigned.
bool fits_64_bits(const std::string &digits, bool negative) {
    errno = 0;
    unsigned long long magnitude = strtoull(digits.c_str(), nullptr, 10);
    return errno == 0 && (!negative || magnitude <= 1ull << 63);
}

/// The record with numbers that simdjson has no type for in another form: a whole number beyond 64 bits gets "e0", which makes it a
/// double; one beyond all doubles becomes a zero, and `huge` gets its place among the numbers. What is no number is left as it is.
void rewrite_numbers(const uint8_t *bytes, size_t length, std::string &out, std::vector<size_t> &huge) {
    out.clear();
    huge.clear();
    bool in_text = false;
    size_t numbers = 0;
    for (size_t place = 0; place < length;) {
        uint8_t byte = bytes[place];
        if (in_text || !isdigit(byte)) {
            size_t count = in_text && byte == '\\' && place + 1 < length ? 2 : 1;
            if (byte == '"') in_text = !in_text;
            out.append(reinterpret_cast<const char *>(bytes + place), count);
            place += count;
            continue;
        }
        size_t end = place;
        while (end < length && (isalnum(bytes[end]) || bytes[end] == '.' || bytes[end] == '+' || bytes[end] == '-')) end++;
        std::string number(reinterpret_cast<const char *>(bytes + place), end - place);
        bool whole = false;
        if (!is_number(number, whole)) {
            out += number;
        } else if (std::isinf(strtod(number.c_str(), nullptr))) {
            huge.push_back(numbers);
            out += "0e0";
        } else {
            bool negative = !out.empty() && out.back() == '-';
            out += whole && !fits_64_bits(number, negative) ? number + "e0" : number;
        }
        numbers++;
        place = end;
    }
}

char letter(uint64_t word) { return static_cast<char>(word >> 56); }

/// Makes the numbers at those places infinite: no field and no definition takes them. The record was parsed, so that what
/// rewrite_numbers took for numbers are those on the tape.
void make_infinite(uint64_t *tape, const std::vector<size_t> &huge) {
    size_t number = 0, next = 0;
    const double infinity = std::numeric_limits<double>::infinity();
    for (size_t place = 1; next < huge.size() && letter(tape[place]) != 'r'; place++) {
        if (letter(tape[place]) != 'd' && letter(tape[place]) != 'l' && letter(tape[place]) != 'u') continue;
        place++;
        if (number++ != huge[next]) continue;
        memcpy(&tape[place], &infinity, sizeof infinity);
        next++;
    }
}

/// Whether the record has more levels than that. simdjson does not count a level that is empty.
bool is_deeper(const uint64_t *tape, size_t most) {
    size_t level = 0;
    for (size_t place = 1; letter(tape[place]) != 'r'; place++) {
        switch (letter(tape[place])) {
        case '{': case '[':
            if (++level > most) return true;
            break;
        case '}': case ']': level--; break;
        case 'd': case 'l': case 'u': place++; break;
        }
    }
    return false;
}

error_code parse_numbers(CSimdjsonParser *parser, const uint8_t *bytes, size_t length) {
    auto error = parser->parser.parse(bytes, length, false).error();
    if (error != NUMBER_ERROR) return error;
    rewrite_numbers(bytes, length, parser->rewritten, parser->huge);
    parser->rewritten.reserve(parser->rewritten.size() + SIMDJSON_PADDING);
    if (parser->rewritten.size() > parser->parser.capacity()) {
        if (auto failed = parser->parser.allocate(parser->rewritten.size(), parser->parser.max_depth())) return failed;
    }
    error = parser->parser.parse(reinterpret_cast<const uint8_t *>(parser->rewritten.data()), parser->rewritten.size(), false).error();
    if (!error) make_infinite(parser->parser.doc.tape.get(), parser->huge);
    return error;
}

/// simdjson refuses a level that is not empty from the depth it was given on: so few records are parsed again with one more.
error_code parse_levels(CSimdjsonParser *parser, const uint8_t *bytes, size_t length) {
    auto error = parse_numbers(parser, bytes, length);
    if (error != DEPTH_ERROR) return error;
    if (auto failed = parser->parser.allocate(parser->parser.capacity(), parser->depth + 1)) return failed;
    error = parse_numbers(parser, bytes, length);
    if (!error && is_deeper(parser->parser.doc.tape.get(), parser->depth)) error = DEPTH_ERROR;
    if (auto failed = parser->parser.allocate(parser->parser.capacity(), parser->depth)) return failed;
    return error;
}

}  // namespace

extern "C" {

CSimdjsonParser *csimdjson_create(size_t capacity_bytes, size_t depth) {
    auto *made = new (std::nothrow) CSimdjsonParser{dom::parser(capacity_bytes), depth, {}, {}};
    if (made && made->parser.allocate(64 * 1024, depth)) {
        delete made;
        return nullptr;
    }
    return made;
}

void csimdjson_destroy(CSimdjsonParser *parser) { delete parser; }

int csimdjson_parse(CSimdjsonParser *parser, const uint8_t *bytes, size_t length) {
    if (length > parser->parser.capacity()) {
        if (length > parser->parser.max_capacity()) return CAPACITY;
        if (auto error = parser->parser.allocate(length, parser->depth)) return error;
    }
    auto error = parse_levels(parser, bytes, length);
    if (error) return error;
    // Most records have no escape at all: one pass over the bytes says so.
    if (memchr(bytes, '\\', length) && has_lone_surrogate(bytes, length)) return lone_surrogate;
    return 0;
}

const char *csimdjson_message(int code) {
    return code == lone_surrogate ? "a surrogate without its other half" : error_message(static_cast<error_code>(code));
}

const uint64_t *csimdjson_tape(const CSimdjsonParser *parser) { return parser->parser.doc.tape.get(); }

const uint8_t *csimdjson_texts(const CSimdjsonParser *parser) { return parser->parser.doc.string_buf.get(); }
}
