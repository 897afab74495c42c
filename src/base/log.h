/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One event, one line of JSON on stderr, at most 1 KiB, written whole by one
 * write(2), so that lines of several threads never mix. A line that would
 * have to wait for whoever reads the log is dropped.
 *
 *   log_info("listening", log_text("host", host), log_number("port", port));
 *   {"time":"2026-01-31T08:15:00.123Z","level":"info","event":"listening",...}
 *
 * Whatever a field holds, the line stays one line of valid JSON in valid
 * UTF-8: control characters and bad bytes are escaped, long values are cut.
 * There is no field of type secret, so a secret cannot be logged.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/slice.h"

enum log_level {
    LOG_ERROR,
    LOG_WARN,
    LOG_INFO,
    LOG_DEBUG
};

struct log_field {
    const char *name;
    struct slice text; /* ptr NULL: a number */
    int64_t number;
};

static inline struct log_field log_text(const char *name, struct slice text)
{
    return (struct log_field){name, text.ptr == NULL ? SLICE_EMPTY : text, 0};
}

static inline struct log_field log_number(const char *name, int64_t number)
{
    return (struct log_field){name, {NULL, 0}, number};
}

/* The word for errno, such as "Connection refused". */
struct log_field log_errno(int error);

void log_set_level(enum log_level level);
bool log_is_on(enum log_level level);
/* For tests: lines go to this descriptor. */
void log_set_fd(int fd);

void log_write(enum log_level level, const char *event,
               const struct log_field *fields, size_t count);

#define LOG_FIELDS(...)                                                        \
    (const struct log_field[]){{NULL, {NULL, 0}, 0}, ##__VA_ARGS__},           \
        sizeof(                                                                \
            (const struct log_field[]){{NULL, {NULL, 0}, 0}, ##__VA_ARGS__}) / \
            sizeof(struct log_field)

#define log_at(level, event, ...)                                              \
    do {                                                                       \
        if (log_is_on(level)) {                                                \
            log_write(level, event, LOG_FIELDS(__VA_ARGS__));                  \
        }                                                                      \
    } while (0)

#define log_error(event, ...) log_at(LOG_ERROR, event, ##__VA_ARGS__)
#define log_warn(event, ...)  log_at(LOG_WARN, event, ##__VA_ARGS__)
#define log_info(event, ...)  log_at(LOG_INFO, event, ##__VA_ARGS__)
#define log_debug(event, ...) log_at(LOG_DEBUG, event, ##__VA_ARGS__)

#endif
