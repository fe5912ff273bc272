// mremap, which has a variable number of arguments, so Swift does not see it.
#ifndef CMREMAP_SHIM_H
#define CMREMAP_SHIM_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stddef.h>
#include <sys/mman.h>

// Makes a mapping larger, wherever it comes to lie; MAP_FAILED when there is no memory.
static inline void *cmremap_grow(void *memory, size_t old_bytes, size_t new_bytes) {
    return mremap(memory, old_bytes, new_bytes, 1 /* MREMAP_MAYMOVE */);
}

#endif
