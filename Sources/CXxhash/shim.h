// xxHash: the hash of input records (XXH3), of texts, and of the blocks of images.
#ifndef CXXHASH_SHIM_H
#define CXXHASH_SHIM_H
#include <xxhash.h>
#endif
