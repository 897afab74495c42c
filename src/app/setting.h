/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One setting: its row of config.def, and reading a value by its kind.
 *
 * It never looks at the environment or the disk, and never shows a secret.
 * What it reads lives as long as the arena; texts have a NUL behind them, for
 * those that end at a library's door.
 *
 * Invariant: a value that was read lies within the bounds of its row and has
 * no control characters.
 */
#ifndef APP_SETTING_H
#define APP_SETTING_H

#include "base/buf.h"

enum setting_kind {
    KIND_TEXT,
    KIND_SECRET, /* a text that is never shown */
    KIND_PATH,
    KIND_ADDRESS,  /* to listen on: IPv4, IPv6 or a host name */
    KIND_INTEGER,  /* 42 */
    KIND_DURATION, /* 10s: a number with ms, s, m or h; kept in milliseconds */
    KIND_SIZE,     /* 16KiB: a number with kB, KiB, MiB or none; in bytes */
    KIND_BOOLEAN,  /* on off true false 1 0 */
    KIND_CHOICE,   /* one of the words of its CHOICES row */
    KIND_URL,      /* http or https, with or without a path */
    KIND_URL_LIST, /* origins, the host may begin with "*." */
    KIND_CIDR_LIST /* addresses and blocks of addresses */
};

struct setting {
    struct slice name;
    enum setting_kind kind;
    struct slice initial;
    struct slice min; /* as written in the table */
    struct slice max;
    struct slice text;
    struct slice choices; /* words with a space between; kind CHOICE only */
};

/* The entries of a list, trimmed, none empty. */
struct setting_list {
    const struct slice *entries;
    size_t count;
};

/* The member is told by the kind; KIND_CHOICE uses `number`. */
union setting_value {
    struct slice text;
    int64_t number;
    bool on;
    struct setting_list list;
};

/*
 * STATUS_INVALID_VALUE leaves in *bad the part of `text` that is wrong;
 * setting_expect says what would be right.
 */
MUST_USE enum status setting_read(struct arena *arena,
                                  const struct setting *setting,
                                  struct slice text, union setting_value *out,
                                  struct slice *bad);

/* What the setting takes, to stand behind "is not", as in "an integer". */
void setting_expect(const struct setting *setting, struct buf *out);

/* Whether a value may appear on a screen: no secret, no URL with a password. */
bool setting_may_show(const struct setting *setting, struct slice text);

bool setting_has_control(struct slice text);

/* The bounds of its row, in the unit values are kept in. */
MUST_USE enum status setting_bounds(const struct setting *setting, int64_t *min,
                                    int64_t *max);

#endif
