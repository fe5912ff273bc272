// How often this thread has asked for memory: tests of what must not ask for any.
#pragma once
#include <stddef.h>

/// Calls of malloc, calloc, realloc and the aligned kinds by this thread so far.
size_t allocation_count(void);
