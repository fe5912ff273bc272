// xxHash: the hash of input records (XXH3), and of texts.
#ifndef CXXHASH_SHIM_H
#define CXXHASH_SHIM_H
#include <xxhash.h>
#endif
