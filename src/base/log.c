/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include "base/clock.h"

#include <inttypes.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* Long enough for any honest event, short enough for one write to a pipe. */
#define LINE_LIMIT 1024
/* Kept free at the end for the closing quote, brace and newline. */
#define LINE_TAIL 8

struct line {
    char bytes[LINE_LIMIT];
    size_t len;
    bool full;
};

static _Atomic int threshold = LOG_INFO;
static _Atomic int log_fd = STDERR_FILENO;

void log_set_level(enum log_level level)
{
    atomic_store_explicit(&threshold, level, memory_order_relaxed);
}

bool log_is_on(enum log_level level)
{
    return (int)level <= atomic_load_explicit(&threshold, memory_order_relaxed);
}

void log_set_fd(int fd)
{
    atomic_store_explicit(&log_fd, fd, memory_order_relaxed);
}

struct log_field log_errno(int error)
{
    return log_text("error", slice_from_cstr(strerrordesc_np(error)));
}

/* Whole pieces only, so that an escape is never cut in two. */
static void add(struct line *line, struct slice piece)
{
    if (line->full || piece.len > LINE_LIMIT - LINE_TAIL - line->len) {
        line->full = true;
        return;
    }
    memcpy(line->bytes + line->len, piece.ptr, piece.len);
    line->len += piece.len;
}

static void add_cstr(struct line *line, const char *text)
{
    add(line, slice_from_cstr(text));
}

/* How many bytes the character at s[0] has, or 0 when it is not UTF-8. */
static size_t character_len(const unsigned char *s, size_t len)
{
    size_t need = s[0] < 0x80 ? 1 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
    bool bad = (s[0] >= 0x80 && s[0] < 0xc2) || s[0] > 0xf4 || need > len;

    for (size_t i = 1; !bad && i < need; i++) {
        bad = (s[i] & 0xc0) != 0x80;
    }
    if (!bad && need == 3) {
        bad = (s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f);
    }
    if (!bad && need == 4) {
        bad = (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f);
    }
    return bad ? 0 : need;
}

static void add_escaped(struct line *line, struct slice text)
{
    const unsigned char *s = (const unsigned char *)text.ptr;

    for (size_t i = 0; i < text.len && !line->full;) {
        size_t len = character_len(s + i, text.len - i);
        char escape[8];

        if (len == 1 && (s[i] == '"' || s[i] == '\\')) {
            (void)snprintf(escape, sizeof(escape), "\\%c", s[i]);
            add_cstr(line, escape);
        } else if (len == 0 || s[i] < 0x20 || s[i] == 0x7f) {
            (void)snprintf(escape, sizeof(escape), "\\u%04x", s[i]);
            add_cstr(line, escape);
        } else if (len == 2 && s[i] == 0xc2 && s[i + 1] < 0xa0) {
            /* The second set of controls: U+009B too begins an escape. */
            (void)snprintf(escape, sizeof(escape), "\\u%04x", s[i + 1]);
            add_cstr(line, escape);
        } else {
            add(line, slice_make(s + i, len));
        }
        i += len == 0 ? 1 : len;
    }
}

static void add_text(struct line *line, struct slice text)
{
    add_cstr(line, "\"");
    add_escaped(line, text);
    /* The quote always fits: the line's tail is kept free for it. */
    line->bytes[line->len++] = '"';
}

static void add_field(struct line *line, const struct log_field *field)
{
    char head[96];
    int len = snprintf(head, sizeof(head), ",\"%.80s\":", field->name);

    /* A field that cannot even begin is left out whole. */
    if (line->full || (size_t)len + 24 > LINE_LIMIT - LINE_TAIL - line->len) {
        line->full = true;
        return;
    }
    add_cstr(line, head);
    if (field->text.ptr != NULL) {
        add_text(line, field->text);
        return;
    }
    (void)snprintf(head, sizeof(head), "%" PRId64, field->number);
    add_cstr(line, head);
}

static void add_time(struct line *line)
{
    int64_t now = clock_wall_ms();
    time_t seconds = (time_t)(now / 1000);
    struct tm utc;
    char text[64];

    (void)gmtime_r(&seconds, &utc);
    (void)snprintf(text, sizeof(text),
                   "{\"time\":\"%04d-%02d-%02dT%02d:%02d:%02d.%03dZ\"",
                   utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour,
                   utc.tm_min, utc.tm_sec, (int)(now % 1000));
    add_cstr(line, text);
}

/*
 * A log that cannot be written must not stop the server, nor one that nobody
 * reads: a line that would have to wait is dropped.
 */
static void send_line(const struct line *line)
{
    struct pollfd out = {.fd = atomic_load(&log_fd), .events = POLLOUT};

    if (poll(&out, 1, 0) == 1 && write(out.fd, line->bytes, line->len) < 0) {
        return;
    }
}

void log_write(enum log_level level, const char *event,
               const struct log_field *fields, size_t count)
{
    static const char *const levels[] = {"error", "warn", "info", "debug"};
    struct line line = {.len = 0};
    const struct log_field head[] = {
        log_text("level", slice_from_cstr(levels[level])),
        log_text("event", slice_from_cstr(event)),
    };

    add_time(&line);
    add_field(&line, &head[0]);
    add_field(&line, &head[1]);
    for (size_t i = 0; i < count; i++) {
        if (fields[i].name != NULL) {
            add_field(&line, &fields[i]);
        }
    }
    line.bytes[line.len++] = '}';
    line.bytes[line.len++] = '\n';
    send_line(&line);
}
