// memmem(3), which glibc declares only with _GNU_SOURCE: Swift's Glibc is without.
#pragma once
#include <stddef.h>

void *memmem(const void *haystack, size_t haystack_length, const void *needle, size_t needle_length);
