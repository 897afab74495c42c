/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libcurl, loaded when it is first needed: linking it would cost every start
 * some thirty libraries (docs/decisions/0006-libcurl-on-first-use.md). The
 * only file that includes its header.
 *
 * Never unloaded: a resolver thread of its own may outlive any request.
 */
#ifndef NET_CLIENT_CURL_H
#define NET_CLIENT_CURL_H

#include "base/status.h"

#include <curl/curl.h>

/* Its functions, under their names without "curl_". */
struct client_curl {
    CURLcode (*global_init)(long flags);
    CURL *(*easy_init)(void);
    CURLcode (*easy_setopt)(CURL *easy, CURLoption option, ...);
    CURLcode (*easy_getinfo)(CURL *easy, CURLINFO info, ...);
    CURLcode (*easy_pause)(CURL *easy, int mask);
    void (*easy_cleanup)(CURL *easy);
    const char *(*easy_strerror)(CURLcode code);
    CURLM *(*multi_init)(void);
    CURLMcode (*multi_setopt)(CURLM *multi, CURLMoption option, ...);
    CURLMcode (*multi_add_handle)(CURLM *multi, CURL *easy);
    CURLMcode (*multi_remove_handle)(CURLM *multi, CURL *easy);
    CURLMcode (*multi_assign)(CURLM *multi, curl_socket_t fd, void *socket);
    CURLMcode (*multi_socket_action)(CURLM *multi, curl_socket_t fd, int events,
                                     int *running);
    CURLMsg *(*multi_info_read)(CURLM *multi, int *left);
    CURLMcode (*multi_cleanup)(CURLM *multi);
};

/* STATUS_UNAVAILABLE and one line in the log when it cannot be had. */
MUST_USE enum status client_curl_load(const char *library,
                                      struct client_curl *out);

#endif
