// SPDX-License-Identifier: Apache-2.0
// Mails as both servers leave them in a folder: { to, url }, oldest first. The
// original's are JSON; ours are .eml files, of which the plain text is read.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const LINK = /https?:\/\/[^\s<>"]+/;

function decode(body, encoding) {
  if (encoding === 'base64') {
    return Buffer.from(body, 'base64').toString('utf8');
  }
  if (encoding !== 'quoted-printable') {
    return body;
  }
  const bytes = body
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** One entity: its header fields, lower-case, and its body as it is. */
export function parseEntity(source) {
  const end = /\r?\n\r?\n/.exec(source);
  const head = end ? source.slice(0, end.index) : source;
  const fields = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const header = Object.fromEntries(
    fields.map((field) => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
    }),
  );
  return { header, body: end ? source.slice(end.index + end[0].length) : '' };
}

/** The plain text of a mail, wherever in its parts it is. */
export function plainText(source) {
  const { header, body } = parseEntity(source);
  const type = header['content-type'] ?? 'text/plain';
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (boundary !== undefined) {
    const parts = body.split(`--${boundary}`).slice(1, -1);
    return parts.map((part) => plainText(part.replace(/^\r?\n/, ''))).join('');
  }
  const encoding = header['content-transfer-encoding']?.toLowerCase();
  return /^text\/plain/i.test(type) ? decode(body, encoding) : '';
}

function readMessage(source) {
  const to = parseEntity(source).header.to ?? '';
  return {
    to: /<([^>]*)>/.exec(to)?.[1] ?? to,
    url: LINK.exec(plainText(source))?.[0] ?? '',
  };
}

function readMail(path) {
  const source = readFileSync(path, 'utf8');
  return path.endsWith('.json') ? JSON.parse(source) : readMessage(source);
}

// A name with a dot in front is a mail that is still being written.
const MAIL = /^[^.].*\.(json|eml)$/;

/** All mails in a folder, in the order in which they were written. */
export function readMails(folder) {
  const time = (path) => statSync(path, { bigint: true }).mtimeNs;
  return readdirSync(folder)
    .filter((name) => MAIL.test(name))
    .map((name) => join(folder, name))
    .map((path) => ({ path, time: time(path) }))
    .sort((a, b) => Number(a.time - b.time) || (a.path < b.path ? -1 : 1))
    .map(({ path }) => readMail(path));
}
