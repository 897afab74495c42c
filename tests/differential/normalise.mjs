// SPDX-License-Identifier: Apache-2.0
// What two runs of one server may differ in is put out of sight, and no more:
// a random token becomes the name of the request that first showed it, so two
// answers with the same token still must agree; a date becomes its distance
// from now; a signature becomes whether it is right; a token in JSON is opened.
import { createHmac } from 'node:crypto';

/** Header fields that are none of the protocol's, and why. */
export const NOISE = new Map([
  ['date', 'the time of the answer'],
  ['connection', 'hop by hop'],
  ['keep-alive', 'hop by hop'],
  ['transfer-encoding', 'how the body is framed'],
  ['content-length', 'how the body is framed'],
  ['vary', 'for caches; the original leaves it to its host'],
  ['access-control-allow-origin', 'CORS, which the original has not'],
  ['access-control-allow-credentials', 'CORS, which the original has not'],
  ['access-control-allow-methods', 'CORS, which the original has not'],
  ['access-control-allow-headers', 'CORS, which the original has not'],
  ['access-control-max-age', 'CORS, which the original has not'],
  ['x-content-type-options', 'a defence of ours on every answer'],
  ['referrer-policy', 'a defence of ours on every answer'],
  ['content-security-policy', 'a defence of ours on every answer'],
  ['cross-origin-resource-policy', 'a defence of ours on every answer'],
  ['cross-origin-opener-policy', 'a defence of ours on every answer'],
  ['x-frame-options', 'a defence of ours on every answer'],
  ['strict-transport-security', 'a defence of ours on every answer'],
  ['permissions-policy', 'a defence of ours on every answer'],
  ['x-request-id', 'for the operator, to find the log line'],
]);

const DAY_S = 86_400;
const ROUND_S = 300; // a scenario takes less than half of it
const NEAR_S = 2 * 366 * DAY_S;
const BASE64 = '(?:[A-Za-z0-9+/]|%2B|%2F){43}(?:=|%3D)';
const PATTERNS = {
  jwe: 'eyJ[\\w-]{20,}\\.\\.[\\w-]{16,}\\.[\\w-]+\\.[\\w-]{22,43}',
  jwt: 'eyJ[\\w-]{10,}\\.eyJ[\\w-]{10,}\\.[\\w-]{43,}',
  compact: 'eyJzZXNzaW9uIjp[\\w-]{100,}',
  signed: `\\b(?:[A-Za-z0-9]{32}(?:(?::|%3A)(?:true)?)?|true)\\.${BASE64}`,
  iso: '\\b2\\d{3}-\\d\\d-\\d\\dT\\d\\d(?::|%3A)\\d\\d(?::|%3A)\\d\\d\\.\\d+Z',
  uuid: '\\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\\b',
  text: '(?<![\\w-])[A-Za-z0-9]{32}(?![\\w-])',
  reset: '(?<=/reset-password/)[A-Za-z0-9]{24}(?![\\w-])',
  resetToken: '(?<=token=)[A-Za-z0-9]{24}(?![\\w-])',
  // Not a code such as YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS.
  long: '(?<![\\w-])(?![A-Z_]+(?![\\w-]))[\\w-]{43,}(?![\\w-])',
  millis: '\\b[12]\\d{12}\\b',
  seconds: '\\b[12]\\d{9}\\b',
};

function fromBase64url(text) {
  return Buffer.from(text, 'base64url').toString();
}

function alphabetOf(text) {
  return /^[0-9a-z]+$/.test(text) ? 'lower' : 'text';
}

/** The masks of one scenario on one server. */
export class Mask {
  #names = new Map();
  #sent = new Set();
  #request = '';
  #count = 0;

  constructor({ began, origin, secret }) {
    this.began = began;
    this.secret = secret;
    this.origin = origin;
    const origins = [origin, encodeURIComponent(origin), new URL(origin).host];
    const literal = origins.map((text) => text.replaceAll('.', '\\.'));
    const groups = Object.entries({ origin: literal.join('|'), ...PATTERNS });
    this.pattern = new RegExp(
      groups.map(([name, source]) => `(?<${name}>${source})`).join('|'),
      'g',
    );
  }

  /** What a scenario made up itself is no secret, and stays readable. */
  enter(name, request) {
    this.#request = name;
    this.#count = 0;
    const bytes = request === null ? '' : JSON.stringify(request);
    for (const [found] of bytes.matchAll(/[\w-]{24,}/g)) {
      if (!this.#names.has(found)) {
        this.#sent.add(found);
      }
    }
  }

  text(text) {
    return text.replace(this.pattern, (...parts) => {
      const groups = parts.at(-1);
      const kind = Object.keys(groups).find((name) => groups[name]);
      return this[`_${kind}`](parts[0]);
    });
  }

  #named(kind, value) {
    if (this.#sent.has(value) && !this.#names.has(value)) {
      return value;
    }
    if (!this.#names.has(value)) {
      this.#count++;
      const name = `<${kind} ${this.#request.slice(0, 24)}/${this.#count}>`;
      this.#names.set(value, name);
    }
    return this.#names.get(value);
  }

  #hmac(text, coding) {
    return createHmac('sha256', this.secret).update(text).digest(coding);
  }

  #distance(seconds, asIs) {
    const far = seconds - this.began / 1000;
    if (Math.abs(far) > NEAR_S) {
      return asIs;
    }
    const rounded = Math.round(far / ROUND_S) * ROUND_S;
    return rounded === 0 ? 'now' : `now${rounded > 0 ? '+' : ''}${rounded}`;
  }

  _origin(text) {
    return text === this.origin
      ? '<origin>'
      : text.includes('%')
        ? '<origin, encoded>'
        : '<host>';
  }

  _jwe(text) {
    const parts = text.split('.');
    const header = fromBase64url(parts[0]);
    const sizes = parts
      .slice(2)
      .map((part) => part.length)
      .join(' ');
    return `<jwe ${header} ${sizes}>`;
  }

  _jwt(text) {
    const [header, payload, signature] = text.split('.');
    if (this.#sent.has(text)) {
      return text;
    }
    const head = fromBase64url(header);
    const right = this.#hmac(`${header}.${payload}`, 'base64url') === signature;
    const sign = !head.includes('HS256')
      ? `${signature.length} characters`
      : right
        ? 'right'
        : 'wrong';
    const texts = [head, fromBase64url(payload)].map((t) => this.text(t));
    return `<jwt ${texts.join(' ')} signature ${sign}>`;
  }

  _compact(text) {
    const inner = fromBase64url(text);
    const tail = /,"expiresAt":(\d+),"signature":"([\w-]+)"\}$/.exec(inner);
    if (tail === null) {
      return `<session data? ${this.text(inner)}>`;
    }
    const payload = inner.slice('{"session":'.length, tail.index);
    const signed = `${payload.slice(0, -1)},"expiresAt":${tail[1]}}`;
    const right =
      this.#hmac(signed, 'base64url') === tail[2] ? 'right' : 'wrong';
    const until = this._millis(tail[1]);
    return `<session data ${this.text(payload)} ${until} signature ${right}>`;
  }

  _signed(text) {
    const encoded = text.includes('%') ? ' encoded' : '';
    const plain = decodeURIComponent(text);
    const at = plain.lastIndexOf('.');
    const value = plain.slice(0, at);
    const right = this.#hmac(value, 'base64') === plain.slice(at + 1);
    const name = this.text(value);
    return `${name}.<${right ? 'right' : 'wrong'} signature${encoded}>`;
  }

  _iso(text) {
    const time = Date.parse(decodeURIComponent(text));
    const form = text.replace(/\d/g, '0');
    const near = this.#distance(time / 1000, '');
    return near === '' || Number.isNaN(time) ? text : `<${form} ${near}>`;
  }

  _uuid(text) {
    return this.#named('uuid', text);
  }

  _text(text) {
    return this.#named(`${alphabetOf(text)}32`, text);
  }

  _reset(text) {
    return this.#named(`${alphabetOf(text)}24`, text);
  }

  _resetToken(text) {
    return this._reset(text);
  }

  _long(text) {
    return this.#named(`${text.length} characters`, text);
  }

  _millis(text) {
    const near = this.#distance(Number(text) / 1000, '');
    return near === '' ? text : `<ms ${near}>`;
  }

  _seconds(text) {
    const near = this.#distance(Number(text), '');
    return near === '' ? text : `<s ${near}>`;
  }
}

const CHUNK = /^([^=]*session_data\.\d+)=([^;]+)/;

/** A chunk cuts through words: what is joined again shows its content. */
const chunkOf = (name, text) => `${name}=<${text.length} characters>`;

const LONGEST_WAIT_S = 86_400;

/** Seconds that run while a scenario does are compared within five. */
function valueOf(name, text) {
  if (!name.endsWith('retry-after') || !/^\d+$/.test(text)) {
    return text;
  }
  const seconds = Number(text);
  return seconds > LONGEST_WAIT_S
    ? 'more than a day'
    : `at most ${Math.ceil(seconds / 5) * 5}`;
}

/**
 * {status, headers, cookies, body} of an answer, free of what may differ. The
 * body is read first: a header more must not rename what is in it.
 */
function normalAnswer(answer, mask) {
  const body = mask.text(answer.body);
  const pick = (wanted) => answer.fields.filter(([name]) => wanted(name));
  const cookies = pick((name) => name === 'set-cookie').map(([, value]) =>
    mask.text(value.replace(CHUNK, (_, name, text) => chunkOf(name, text))),
  );
  const headers = pick((name) => name !== 'set-cookie' && !NOISE.has(name))
    .map(([name, value]) => [name, valueOf(name, mask.text(value))])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { status: answer.status, headers, cookies, body };
}

/** A played scenario as [{name, request, answer}] that can be compared. */
export function normalise(played) {
  const mask = new Mask(played);
  return played.records.map(({ name, request, answer }) => {
    mask.enter(name, request);
    return { name, request, answer: normalAnswer(answer, mask) };
  });
}
