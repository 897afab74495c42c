// SPDX-License-Identifier: Apache-2.0
// How a table of cases is written. A string is bytes, one a character
// (Latin-1). Each case is fed in several cuts by rfc9112.test.mjs.

/** A GET with these further field lines, each with its CRLF. */
export const get = (fields = '') =>
  `GET /a HTTP/1.1\r\nHost: a\r\n${fields}\r\n`;
/** A POST likewise, and what follows its head. */
export const post = (fields, body = '') =>
  `POST /a HTTP/1.1\r\nHost: a\r\n${fields}\r\n${body}`;
/** A POST with a chunked body. */
export const chunked = (body) => post('Transfer-Encoding: chunked\r\n', body);
/** A request with this request line. */
export const line = (text) => `${text}\r\nHost: a\r\n\r\n`;
/** A request with this Host line, from the colon on. */
export const host = (value) => `GET /a HTTP/1.1\r\nHost:${value}\r\n\r\n`;

/**
 * One answer, or `answers`, none an error of form; the connection stays usable
 * (`closes`: it must not; `mayClose`: the answer may say that it will not).
 */
export const answer = (name, bytes, more = {}) => ({
  name,
  bytes,
  expect: 'answer',
  ...more,
});
/**
 * At most one answer, 4xx or 5xx, and the connection closed. `answers` good
 * requests may stand before. `unfinished`: the bytes stop too early, so
 * nothing may happen until the client ends.
 */
export const refuse = (name, bytes, status, more = {}) => ({
  name,
  bytes,
  expect: 'refuse',
  status,
  ...more,
});
/** Both are right, but never more answers than requests. */
export const either = (name, bytes, more = {}) => ({
  name,
  bytes,
  expect: 'either',
  ...more,
});

export const section = (rule, cases) => cases.map((one) => ({ rule, ...one }));
