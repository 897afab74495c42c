// SPDX-License-Identifier: Apache-2.0
// Values from a schema of the document: ones that fit it, and ones that are
// broken in one place. For fast-check.
import fc from 'fast-check';

const SCHEMAS = '#/components/schemas/';

/** No NUL and no half of a pair: the document says texts have none. */
const character = fc
  .oneof(
    { weight: 6, arbitrary: fc.string({ minLength: 1, maxLength: 1 }) },
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    fc.constantFrom(
      '\u0001', '\t', '\n', '\u007f', '\u0080', '\u00ad', '\u200b', '\u200f',
      '\u202e', '\u2028', '\ufdd0', '\ufeff', '\ufffd', '\uffff', '\u{1f600}',
      '\u{10ffff}', 'İ', 'ß', 'ﷺ', "'", '"', '\\', '<', '&', '%', '${', '{{',
    ),
  )
  .filter((text) => !text.includes('\0') && text.isWellFormed());

const asciiOf = (length) =>
  fc.constantFrom('a', 'Z', '0').map((letter) => letter.repeat(length));

const NAMES = ['constructor', '__proto__', 'toString', '', ' ', 'id', '$ref', 'é'];
export const extraName = fc.oneof(fc.constantFrom(...NAMES), fc.string());

const emails = fc
  .tuple(
    fc.stringMatching(/^[a-z0-9]{1,12}$/),
    fc.constantFrom('', '.x', '+tag', '_', '-1', "'s"),
    fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/),
    fc.constantFrom('org', 'com', 'example', 'co.uk'),
    fc.nat(),
  )
  .map(([name, more, host, end, n]) => `${name}${more}${n}@${host}.${end}`);

const dates = fc
  .date({
    min: new Date('1970-01-01T00:00:00Z'),
    max: new Date('2999-12-31T00:00:00Z'),
    noInvalidDate: true,
  })
  .map((date) => date.toISOString());

const paths = fc
  .array(fc.stringMatching(/^[a-zA-Z0-9._~%-]{0,12}$/), { maxLength: 6 })
  .map((parts) => `/${parts.join('/')}`);

/** Lengths near the bounds in ASCII, short ones in anything. */
function plainText({ minLength = 0, maxLength = 60 }) {
  const short = Math.max(minLength, Math.min(24, Math.floor(maxLength / 4)));
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .array(character, { minLength, maxLength: Math.max(short, minLength) })
        .map((all) => all.join(''))
        .filter((text) => {
          const { length } = [...text];
          return length >= minLength && length <= maxLength;
        }),
    },
    asciiOf(minLength),
    asciiOf(maxLength),
    asciiOf(Math.max(minLength, maxLength - 1)),
  );
}

function text(schema) {
  if (schema.format === 'email') {
    return emails;
  }
  if (schema.format === 'date-time') {
    return dates;
  }
  if (schema.pattern === undefined) {
    return plainText(schema);
  }
  const { minLength = 0, maxLength = Infinity } = schema;
  const pattern = new RegExp(schema.pattern, 'u');
  const digits = fc.nat().map(String);
  return fc.oneof(paths, dates, digits, fc.string()).filter(
    (value) =>
      pattern.test(value) && value.length >= minLength && value.length <= maxLength,
  );
}

function integer({ minimum = -(2 ** 53) + 1, maximum = 2 ** 53 - 1 }) {
  return fc.oneof(
    fc.integer({
      min: Math.max(minimum, -(2 ** 31)),
      max: Math.min(maximum, 2 ** 31 - 1),
    }),
    fc.constantFrom(minimum, maximum),
  );
}

function number({ minimum, maximum }) {
  return fc
    .double({ min: minimum, max: maximum, noNaN: true, noDefaultInfinity: true })
    .map((value) => (Object.is(value, -0) ? 0 : value))
    // What prints without a dot is an integer to who reads it; some are long.
    .filter((value) => !Number.isInteger(value) || Number.isSafeInteger(value));
}

function array(schema, root) {
  const { minItems = 0, maxItems = 6, uniqueItems = false } = schema;
  const item = valueOf(schema.items ?? {}, root);
  const words = schema.items?.enum?.length ?? Infinity;
  const options = {
    minLength: minItems,
    maxLength: Math.min(maxItems, Math.max(minItems, 6), words),
  };
  return uniqueItems ? fc.uniqueArray(item, options) : fc.array(item, options);
}

function object(schema, root) {
  const { properties = {}, required = [], additionalProperties = true } = schema;
  const known = fc.record(
    Object.fromEntries(
      Object.entries(properties).map(([name, one]) => [name, valueOf(one, root)]),
    ),
    { requiredKeys: required.filter((name) => properties[name]) },
  );
  if (additionalProperties === false) {
    return known;
  }
  const more = fc.dictionary(
    fc.stringMatching(/^x[a-z]{1,6}$/),
    valueOf(additionalProperties === true ? {} : additionalProperties, root),
    { maxKeys: 2 },
  );
  return fc.tuple(known, more).map(([a, b]) => ({ ...b, ...a }));
}

const OF_TYPE = {
  string: text,
  integer,
  number,
  boolean: () => fc.boolean(),
  null: () => fc.constant(null),
  array,
  object,
};

/** A value that fits the schema; oneOf and not are for a filter to see to. */
export function valueOf(schema, root) {
  if (schema.$ref) {
    return valueOf(root.components.schemas[schema.$ref.slice(SCHEMAS.length)], root);
  }
  if (schema.enum) {
    return fc.constantFrom(...schema.enum);
  }
  const types = [schema.type ?? ['string', 'boolean', 'integer']].flat();
  return fc.oneof(...types.map((type) => OF_TYPE[type](schema, root)));
}

/** Every place in a value: [holder, name]; the root is in { root }. */
function placesOf(value) {
  const places = [];
  const walk = (holder, name) => {
    places.push([holder, name]);
    const inner = holder[name];
    if (typeof inner === 'object' && inner !== null) {
      Object.keys(inner).forEach((key) => walk(inner, key));
    }
  };
  walk(value, 'root');
  return places;
}

const nested = (depth) => {
  let value = [];
  for (let i = 0; i < depth; i++) {
    value = i % 2 ? [value] : { a: value };
  }
  return value;
};

const STRANGE = [
  null, true, false, 0, -1, 1.5, 1e308, -1e308, 1e21, 2 ** 53, '', ' ', 'x',
  '0', 'true', 'null', '\u0000', '\ud800', '\udfff', [], [[]], {}, [null],
  { length: 1 }, { $ref: '#' }, ['a', 'a'], 'a'.repeat(300), 'é'.repeat(9000),
];

const strange = fc.oneof(
  fc.constantFrom(...STRANGE),
  fc.constantFrom(3, 20, 40).map(nested),
  fc.jsonValue({ maxDepth: 3 }),
);

// Just beyond the bounds there are, in characters or otherwise.
const LENGTHS = [65, 129, 255, 257, 513, 1001, 4097, 8193];

/** What to do to a place: put something else there, take out, put in. */
const damage = fc.record({
  at: fc.nat(),
  what: fc.constantFrom('replace', 'stretch', 'remove', 'add', 'repeat'),
  by: fc.constantFrom(...LENGTHS),
  value: strange,
  name: extraName,
});

function breakAt(value, { at, what, by, value: other, name }) {
  const copy = { root: structuredClone(value) };
  const places = placesOf(copy);
  const [holder, key] = places[at % places.length];
  const inner = holder[key];
  if (what === 'add' && typeof inner === 'object' && inner !== null) {
    Object.defineProperty(inner, name, {
      value: other,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else if (what === 'repeat' && Array.isArray(inner)) {
    inner.push(...inner, ...inner);
  } else if (what === 'stretch' && typeof inner === 'string') {
    holder[key] = inner + 'a'.repeat(Math.max(1, by - [...inner].length));
  } else if (what === 'stretch' && typeof inner === 'number') {
    holder[key] = inner + by;
  } else if (what === 'remove' && key !== 'root') {
    delete holder[key];
  } else {
    holder[key] = other;
  }
  return copy.root;
}

/** A fitting value with one or two places damaged: mostly broken. */
export const brokenOf = (schema, root) =>
  fc
    .tuple(valueOf(schema, root), fc.array(damage, { minLength: 1, maxLength: 2 }))
    .map(([value, all]) => all.reduce(breakAt, value));

/** What is no JSON, or none that may be sent: [bytes, why]. */
export const BROKEN_JSON = [
  '', ' ', 'null', '[]', '""', '1', 'undefined', 'NaN', '{', '}', '{]', '[1,]',
  '{"a":1,}', '{a:1}', "{'a':1}", '{"a":1}{"b":2}', '{"a":1} x', '{"a":01}',
  '{"a":+1}', '{"a":1e999}', '{"a":-1e999}', '{"a":99999999999999999999}',
  '{"a":0x10}', '{"a":.5}', '{"a":1.}', '{"a":"\t"}', '{"a":"\\x"}',
  '{"a":"\\u12"}', '{"a":"\\ud800"}', '{"a":"\\u0000"}', '{"\\u0000":1}',
  '{"a":1,"a":2}', '/* */{}', '// x\n{}', '\ufeff{}', '{"a":"', '{"a":tru}',
  `${'['.repeat(50_000)}`, `${'{"a":'.repeat(20_000)}1`, '[[],'.repeat(3000),
  `{"a":"${'x'.repeat(70_000)}"}`, `{"a":"${'x'.repeat(600_000)}"}`,
  `[${'1,'.repeat(30_000)}1]`, `{"a":${'9'.repeat(400)}}`,
  Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]),
  Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xc0, 0x80, 0x22, 0x7d]),
  Buffer.from([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d]),
  Buffer.from('{"a":1}', 'utf16le'),
  Buffer.from([0x00]),
  Buffer.from([0x1f, 0x8b, 0x08, 0x00]),
];

export const WRONG_TYPES = [
  null, 'text/plain', 'application/x-www-form-urlencoded', 'text/json', 'json',
  'multipart/form-data; boundary=x', 'application/jsonx', 'application/xml',
  'application/json-patch+json', 'application/merge-patch+json', '*/*', ';',
];

const jwt = (head, body, end) =>
  [head, body].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  ).join('.') + `.${end}`;

export const BAD_TOKENS = [
  '', ' ', '.', '..', '...', 'a', 'a.b', 'a.b.c', 'null', 'undefined', 'x'.repeat(9000),
  jwt({ alg: 'none' }, { sub: '1', exp: 9999999999 }, ''),
  jwt({ alg: 'none', typ: 'JWT', kid: '1' }, { sub: '1', sid: '1' }, ''),
  jwt({ alg: 'RS256', kid: '../../x' }, { sub: '1', exp: 9999999999 }, 'AAAA'),
  jwt({ alg: 'HS256', kid: '1' }, { sub: '1' }, 'A'.repeat(43)),
  jwt({ alg: 'RS256', kid: 'x', jwk: {}, x5u: 'http://127.0.0.1/' }, {}, 'AA'),
  jwt({ alg: 'RS256', crit: ['x'], x: 1, kid: 'x' }, [], 'AA'),
  jwt([], 'x', '!'),
];

export const CONDITIONS = [
  '*', '""', '"x"', 'W/"x"', 'x', '"a", "b"', '"', '"a', ',', '"v0"', '"v1-x-0"',
  `"${'a'.repeat(4000)}"`, '"\t"', 'W/', '"a""b"', '*, "a"',
];
