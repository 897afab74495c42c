// SPDX-License-Identifier: Apache-2.0
// Going to another page of the book by script, as after signing in.
import { useHistory } from '@docusaurus/router';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import options from '@generated/docusaurus-theme-bookplate/default/options.json';

/** Each language is a site of its own, which only a new page load reaches. */
export function isOtherLanguage(path: string, others: string[]): boolean {
  const { base, localizedBase } = options;
  return (
    !path.startsWith(localizedBase) ||
    others.some((locale) => `${path}/`.startsWith(`${base}${locale}/`))
  );
}

export function useGo(): (path: string) => void {
  const history = useHistory();
  const { currentLocale, locales } = useDocusaurusContext().i18n;
  const others = locales.filter((locale) => locale !== currentLocale);
  return (path) => {
    if (isOtherLanguage(path, others)) {
      window.location.assign(path);
    } else {
      history.push(path);
    }
  };
}
