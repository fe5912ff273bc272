// A file system that fails, for Tests/Kafka/faults.py. Loaded before the C library (LD_PRELOAD) it lets the calls fail that FAILING_CALL
// names (write, fsync or rename), on paths with FAILING_PATH in them, as long as the file FAILING_WHILE is there. The error is EIO.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static int is_failing(const char *call, const char *path) {
    const char *wanted = getenv("FAILING_CALL"), *part = getenv("FAILING_PATH"), *flag = getenv("FAILING_WHILE");
    return wanted && part && flag && !strcmp(wanted, call) && strstr(path, part) && access(flag, F_OK) == 0;
}

static int is_failing_descriptor(const char *call, int descriptor) {
    if (descriptor < 3) return 0;
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return is_failing(call, path);
}

#define ORIGINAL(name) __typeof__(&name) original = (__typeof__(&name))dlsym(RTLD_NEXT, #name)
#define FAIL_IF(condition) if (condition) { errno = EIO; return -1; }

ssize_t write(int descriptor, const void *bytes, size_t count) {
    ORIGINAL(write);
    FAIL_IF(is_failing_descriptor("write", descriptor))
    return original(descriptor, bytes, count);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
    ORIGINAL(pwrite64);
    FAIL_IF(is_failing_descriptor("write", descriptor))
    return original(descriptor, bytes, count, offset);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) { return pwrite64(descriptor, bytes, count, offset); }

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
    ORIGINAL(writev);
    FAIL_IF(is_failing_descriptor("write", descriptor))
    return original(descriptor, parts, count);
}

int fsync(int descriptor) {
    ORIGINAL(fsync);
    FAIL_IF(is_failing_descriptor("fsync", descriptor))
    return original(descriptor);
}

int fdatasync(int descriptor) {
    ORIGINAL(fdatasync);
    FAIL_IF(is_failing_descriptor("fsync", descriptor))
    return original(descriptor);
}

int rename(const char *from, const char *to) {
    ORIGINAL(rename);
    FAIL_IF(is_failing("rename", to))
    return original(from, to);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to) {
    ORIGINAL(renameat);
    FAIL_IF(is_failing("rename", to))
    return original(from_folder, from, to_folder, to);
}
