// libmicrohttpd: the HTTP server. What Swift cannot call (a variable number of arguments) or cannot see (macros).
#ifndef CMICROHTTPD_SHIM_H
#define CMICROHTTPD_SHIM_H
#include <microhttpd.h>
#include <stddef.h>
#include <string.h>

// What a daemon is started with. All callbacks get `context`.
struct audienced_http_options {
    void *context;
    int listening_descriptor;
    unsigned int connections;
    unsigned int idle_seconds;
    size_t connection_memory_bytes;
    void *(*target)(void *context, const char *target, struct MHD_Connection *connection);
    MHD_AccessHandlerCallback request;
    MHD_RequestCompletedCallback completed;
    MHD_NotifyConnectionCallback connection;
};

// The library would decode the path and the arguments, and cut both at a zero byte: they are left as they are.
static inline size_t audienced_http_leave_escaped(void *context, struct MHD_Connection *connection, char *text) {
    (void)context;
    (void)connection;
    return strlen(text);
}

// One internal thread over epoll. NULL when it does not start.
static inline struct MHD_Daemon *audienced_http_start(const struct audienced_http_options *options) {
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, options->request, options->context,
        MHD_OPTION_LISTEN_SOCKET, options->listening_descriptor,
        MHD_OPTION_CONNECTION_LIMIT, options->connections,
        MHD_OPTION_CONNECTION_TIMEOUT, options->idle_seconds,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, options->connection_memory_bytes,
        MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_UNESCAPE_CALLBACK, &audienced_http_leave_escaped, NULL,
        MHD_OPTION_URI_LOG_CALLBACK, options->target, options->context,
        MHD_OPTION_NOTIFY_COMPLETED, options->completed, options->context,
        MHD_OPTION_NOTIFY_CONNECTION, options->connection, options->context,
        MHD_OPTION_END);
}

// MHD_get_connection_info takes a variable number of arguments. -1 when there is no socket.
static inline int audienced_http_descriptor(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

static inline size_t audienced_http_head_bytes(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return info ? info->header_size : 0;
}

// How long a connection may stand still; other than the daemon's own time.
static inline void audienced_http_set_idle(struct MHD_Connection *connection, unsigned int seconds) {
    MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, seconds);
}

// Macros with casts.
static const uint64_t audienced_http_unknown_size = MHD_SIZE_UNKNOWN;
static const ssize_t audienced_http_end_of_stream = MHD_CONTENT_READER_END_OF_STREAM;
static const ssize_t audienced_http_end_with_error = MHD_CONTENT_READER_END_WITH_ERROR;
#endif
