/* SPDX-License-Identifier: Apache-2.0 */
#include "net/client_curl.h"

#include "base/log.h"

#include <assert.h>
#include <dlfcn.h>

struct symbol {
    const char *name;
    size_t offset; /* of the pointer in struct client_curl */
};

#define SYMBOL(name)                                                           \
    {                                                                          \
        "curl_" #name, offsetof(struct client_curl, name)                      \
    }

static const struct symbol symbols[] = {
    SYMBOL(global_init),         SYMBOL(easy_init),
    SYMBOL(easy_setopt),         SYMBOL(easy_getinfo),
    SYMBOL(easy_pause),          SYMBOL(easy_cleanup),
    SYMBOL(easy_strerror),       SYMBOL(multi_init),
    SYMBOL(multi_setopt),        SYMBOL(multi_add_handle),
    SYMBOL(multi_remove_handle), SYMBOL(multi_assign),
    SYMBOL(multi_socket_action), SYMBOL(multi_info_read),
    SYMBOL(multi_cleanup),
};

#define SYMBOL_COUNT (sizeof(symbols) / sizeof(symbols[0]))

static_assert(SYMBOL_COUNT * sizeof(void *) == sizeof(struct client_curl),
              "every pointer has its symbol");

static enum status refuse(const char *library, const char *reason)
{
    log_error("libcurl_unavailable",
              log_text("library", slice_from_cstr(library)),
              log_text("error", slice_from_cstr(reason)));
    return STATUS_UNAVAILABLE;
}

enum status client_curl_load(const char *library, struct client_curl *out)
{
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);

    if (handle == NULL) {
        return refuse(library, dlerror());
    }
    for (size_t i = 0; i < SYMBOL_COUNT; i++) {
        void *symbol = dlsym(handle, symbols[i].name);

        if (symbol == NULL) {
            return refuse(library, dlerror());
        }
        /* POSIX makes the two kinds of pointer the same; C does not. */
        memcpy((char *)out + symbols[i].offset, &symbol, sizeof(symbol));
    }
    if (out->global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return refuse(library, "it cannot be initialised");
    }
    return STATUS_OK;
}
