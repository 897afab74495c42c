/* SPDX-License-Identifier: Apache-2.0 */
#include "store/postgres/library.h"

#include "base/log.h"

#include <dlfcn.h>

/* Pipelines came in version 14; this name has not changed since. */
#define LIBRARY "libpq.so.5"

struct symbol {
    const char *name;
    size_t offset; /* of the pointer in struct postgres_library */
};

static const struct symbol symbols[] = {
#define SYMBOL(name) {"PQ" #name, offsetof(struct postgres_library, name)},
    POSTGRES_FUNCTIONS(SYMBOL)
#undef SYMBOL
};

struct postgres_library pq;

static enum status refuse(void)
{
    log_error("libpq_unavailable", log_text("library", SLICE(LIBRARY)),
              log_text("error", slice_from_cstr(dlerror())));
    return STATUS_UNAVAILABLE;
}

enum status postgres_library_load(void)
{
    static bool loaded;
    void *handle;

    if (loaded) {
        return STATUS_OK;
    }
    handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        return refuse();
    }
    for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++) {
        void *symbol = dlsym(handle, symbols[i].name);

        if (symbol == NULL) {
            return refuse();
        }
        /* POSIX makes the two kinds of pointer the same; C does not. */
        memcpy((char *)&pq + symbols[i].offset, &symbol, sizeof(symbol));
    }
    loaded = true;
    return STATUS_OK;
}
