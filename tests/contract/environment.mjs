// SPDX-License-Identifier: Apache-2.0
// Better Auth's options, in the form original.mjs takes them, as our settings.
// An option that has no row here is an error: a case must not pass because we
// never heard what it asked for.

const seconds = (value) => `${value}s`;
const onOff = (value) => (value ? 'on' : 'off');
const text = (value) => String(value);
const list = (value) => value.join(',');
const oneOf = (words) => (value) => words[value];

function rules(value) {
  return Object.entries(value)
    .map(([path, rule]) =>
      rule === false ? `${path}=off` : `${path}=${rule.window}s/${rule.max}`,
    )
    .join(',');
}

const secretList = (value) =>
  value.map(({ version, value: secret }) => `${version}:${secret}`).join(',');

// [option, setting, how it is written]; without a setting it goes elsewhere.
const ROWS = [
  ['baseURL', 'BETTER_AUTH_URL', text],
  ['secret', 'BETTER_AUTH_SECRET', text],
  ['secrets', 'BETTER_AUTH_SECRETS', secretList],
  ['trustedOrigins', 'BETTER_AUTH_TRUSTED_ORIGINS', list],
  ['disabledPaths', 'DISABLED_PATHS', list],
  ['plugins'],
  ['emailAndPassword.enabled', 'SIGN_IN', onOff],
  ['emailAndPassword.disableSignUp', 'SIGN_UP', (value) => onOff(!value)],
  ['emailAndPassword.autoSignIn', 'AUTO_SIGN_IN', onOff],
  ['emailAndPassword.requireEmailVerification', 'REQUIRE_EMAIL_VERIFICATION', onOff],
  ['emailAndPassword.minPasswordLength', 'MIN_PASSWORD_LENGTH', text],
  ['emailAndPassword.maxPasswordLength', 'MAX_PASSWORD_LENGTH', text],
  ['emailAndPassword.resetPasswordTokenExpiresIn', 'RESET_EXPIRES_IN', seconds],
  ['emailAndPassword.revokeSessionsOnPasswordReset', 'RESET_REVOKES_SESSIONS', onOff],
  ['emailAndPassword.sendResetPassword'],
  ['emailVerification.sendVerificationEmail'],
  ['emailVerification.sendOnSignUp', 'SEND_ON_SIGN_UP', onOff],
  ['emailVerification.sendOnSignIn', 'SEND_ON_SIGN_IN', onOff],
  ['emailVerification.autoSignInAfterVerification', 'AUTO_SIGN_IN_AFTER_VERIFICATION', onOff],
  ['emailVerification.expiresIn', 'VERIFICATION_EXPIRES_IN', seconds],
  ['user.changeEmail.enabled', 'CHANGE_EMAIL', onOff],
  ['user.changeEmail.updateEmailWithoutVerification', 'CHANGE_EMAIL_UNVERIFIED', onOff],
  ['user.changeEmail.sendChangeEmailConfirmation', 'CHANGE_EMAIL_CONFIRMATION', onOff],
  ['user.deleteUser.enabled', 'DELETE_USER', onOff],
  ['user.deleteUser.sendDeleteAccountVerification', 'DELETE_USER_VERIFICATION', onOff],
  ['user.deleteUser.deleteTokenExpiresIn', 'DELETE_EXPIRES_IN', seconds],
  ['session.expiresIn', 'SESSION_EXPIRES_IN', seconds],
  ['session.updateAge', 'SESSION_UPDATE_AGE', seconds],
  ['session.freshAge', 'SESSION_FRESH_AGE', seconds],
  ['session.disableSessionRefresh', 'SESSION_REFRESH', oneOf({ true: 'off', false: 'on' })],
  ['session.deferSessionRefresh', 'SESSION_REFRESH', oneOf({ true: 'deferred', false: 'on' })],
  ['session.cookieCache.enabled'],
  ['session.cookieCache.strategy'],
  ['session.cookieCache.maxAge', 'SESSION_CACHE_AGE', seconds],
  ['session.cookieCache.version', 'SESSION_CACHE_VERSION', text],
  ['rateLimit.enabled'],
  ['rateLimit.storage'],
  ['rateLimit.window', 'RATE_LIMIT_WINDOW', seconds],
  ['rateLimit.max', 'RATE_LIMIT_MAX', text],
  ['rateLimit.customRules', 'RATE_LIMIT_RULES', rules],
  ['advanced.useSecureCookies', 'COOKIE_SECURE', onOff],
  ['advanced.cookiePrefix', 'COOKIE_PREFIX', text],
  ['advanced.defaultCookieAttributes.sameSite', 'COOKIE_SAME_SITE', text],
  ['advanced.defaultCookieAttributes.secure', 'COOKIE_SECURE', onOff],
  ['advanced.defaultCookieAttributes.partitioned', 'COOKIE_PARTITIONED', onOff],
  ['advanced.crossSubDomainCookies.enabled'],
  ['advanced.crossSubDomainCookies.domain', 'COOKIE_DOMAIN', text],
  ['advanced.ipAddress.trustedProxies', 'TRUSTED_PROXIES', list],
  ['advanced.database.generateId', 'ID_TYPE', text],
  ['onAPIError.errorURL', 'ERROR_URL', text],
];

// Whole objects that are passed on as they are, in AUTH_SCHEMA.
const SCHEMA = ['modelName', 'fields', 'additionalFields'];
const MODELS = ['user', 'session', 'account', 'verification'];

const PLUGIN_ROWS = {
  bearer: [],
  'open-api': [],
  jwt: [
    ['jwks.keyPairConfig.alg', 'JWT_ALGORITHM', text],
    ['jwks.rotationInterval', 'JWT_ROTATION', seconds],
    ['jwks.gracePeriod', 'JWT_GRACE', seconds],
    ['jwt.expirationTime', 'JWT_EXPIRES_IN', text],
    ['jwt.definePayload'],
    ['disableSettingJwtHeader', 'JWT_HEADER', oneOf({ true: 'never', false: 'always' })],
  ],
  admin: [
    ['defaultRole', 'DEFAULT_ROLE', text],
    ['adminRoles', 'ADMIN_ROLES', (value) => [value].flat().join(',')],
    ['adminUserIds', 'ADMIN_USER_IDS', list],
    ['impersonationSessionDuration', 'IMPERSONATION_EXPIRES_IN', seconds],
  ],
};

const isObject = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** [path, value] of each leaf; an object that a row names is a leaf. */
function leaves(options, rows, prefix = '') {
  return Object.entries(options).flatMap(([key, value]) => {
    const path = prefix + key;
    const isLeaf = !isObject(value) || rows.some(([option]) => option === path);
    return isLeaf ? [[path, value]] : leaves(value, rows, `${path}.`);
  });
}

function apply(rows, options, environment, what) {
  for (const [path, value] of leaves(options, rows)) {
    const row = rows.find(([option]) => option === path);
    if (row === undefined) {
      throw new Error(`${what}${path} has no setting of ours`);
    }
    if (row[1] !== undefined) {
      environment[row[1]] = row[2](value);
    }
  }
}

/** Takes the parts of AUTH_SCHEMA out of the options. */
function takeSchema(options) {
  const schema = {};
  for (const model of MODELS) {
    for (const part of SCHEMA) {
      if (options[model]?.[part] !== undefined) {
        (schema[model] ??= {})[part] = options[model][part];
        delete options[model][part];
      }
    }
  }
  return schema;
}

/** With us there is mail for everything, or for nothing. */
function hasMail(options) {
  const reset = options.emailAndPassword?.sendResetPassword === true;
  const verify = options.emailVerification?.sendVerificationEmail === true;
  if (reset !== verify) {
    throw new Error('sendResetPassword and sendVerificationEmail go together');
  }
  return reset;
}

/** Every setting that an option may lead to. */
export const settingNames = () =>
  [...ROWS, ...Object.values(PLUGIN_ROWS).flat()]
    .map(([, setting]) => setting)
    .filter(Boolean);

/** Our settings for Better Auth's options. */
export function toEnvironment(given, { mailFolder } = {}) {
  const options = structuredClone(given);
  const plugins = (options.plugins ?? []).map((plugin) => [plugin].flat());
  const cache = options.session?.cookieCache;
  const cross = options.advanced?.crossSubDomainCookies;
  const environment = {
    AUTH_PLUGINS: plugins.map(([name]) => name).join(','),
    PASSWORD_BLOCKLIST: 'off', // the original has none
    JWT_HEADER: 'always',
    JWT_ALGORITHM: 'EdDSA', // the original's default; ours is RS256
    RATE_LIMIT: options.rateLimit?.enabled
      ? (options.rateLimit.storage ?? 'memory')
      : 'off',
    SIGN_IN: onOff(options.emailAndPassword?.enabled),
    SIGN_UP: onOff(options.emailAndPassword?.enabled),
  };
  if (cache?.enabled) {
    environment.SESSION_CACHE = cache.strategy ?? 'compact';
  }
  if (cross?.enabled && cross.domain === undefined) {
    environment.COOKIE_DOMAIN = new URL(options.baseURL).hostname;
  }
  if (hasMail(options)) {
    environment.MAIL_SPOOL = mailFolder;
    environment.MAIL_FROM = 'book@example.org';
  }
  const schema = takeSchema(options);
  if (Object.keys(schema).length > 0) {
    environment.AUTH_SCHEMA = JSON.stringify(schema);
  }
  apply(ROWS, options, environment, '');
  for (const [name, settings = {}] of plugins) {
    if (PLUGIN_ROWS[name] === undefined) {
      throw new Error(`the plugin ${name} is not ours`);
    }
    apply(PLUGIN_ROWS[name], settings, environment, `${name}: `);
  }
  return environment;
}
