// The processor's prefetch, which Swift has no word for.
#ifndef CPREFETCH_SHIM_H
#define CPREFETCH_SHIM_H

/// Asks for a cache line that will be read soon; harmless for any address.
static inline void cprefetch_read(const void *address) { __builtin_prefetch(address, 0, 3); }
#endif
