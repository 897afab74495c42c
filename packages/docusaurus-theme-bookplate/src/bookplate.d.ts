// SPDX-License-Identifier: Apache-2.0
/// <reference types="@docusaurus/module-type-aliases" />
/// <reference types="@docusaurus/theme-classic" />
/// <reference types="@docusaurus/plugin-content-docs" />

declare module '@generated/docusaurus-theme-bookplate/default/options.json' {
  const options: import('./core/options').ClientOptions;
  export default options;
}

declare module '@generated/docusaurus-theme-bookplate/default/chapters.json' {
  const chapters: import('./core/chapters').Chapters;
  export default chapters;
}

declare module '@generated/docusaurus-theme-bookplate/default/conditions.json' {
  const conditions: string[];
  export default conditions;
}

declare module '@generated/docusaurus-theme-bookplate/default/glossary.json' {
  const glossary: import('./core/glossary').Glossary;
  export default glossary;
}

declare module '@generated/docusaurus-theme-bookplate/default/questionnaire.json' {
  const questionnaire: import('./core/questionnaire').Questionnaire;
  export default questionnaire;
}

/** core/accounts/tiny.ts or official.ts, as the option `client` says. */
declare module '@bookplate/accounts' {
  export const accounts: import('./core/accounts/accounts').Accounts;
}

/**
 * The site's own better-auth, when it has one. Its client's methods are made
 * at run time, so no more is said of them here than that they answer.
 */
declare module 'better-auth/react' {
  interface Call {
    (by?: object): Promise<{
      data: never;
      error: { status?: number; code?: string; message?: string } | null;
    }>;
    email: Call;
  }
  type Name =
    | 'signUp'
    | 'signIn'
    | 'signOut'
    | 'requestPasswordReset'
    | 'resetPassword'
    | 'sendVerificationEmail'
    | 'changePassword'
    | 'changeEmail'
    | 'updateUser'
    | 'listSessions'
    | 'getSession'
    | 'revokeSession'
    | 'revokeOtherSessions'
    | 'deleteUser';
  type Client = Record<Name, Call>;
  export function createAuthClient(options: object): Client;
}
