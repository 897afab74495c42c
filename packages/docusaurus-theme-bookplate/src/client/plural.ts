// SPDX-License-Identifier: Apache-2.0
/** "one answer|{count} answers" -> the form that goes with the count. */
export function plural(forms: string, count: number, locale: string): string {
  const [one = '', many = one] = forms.split('|');
  const form =
    new Intl.PluralRules(locale).select(count) === 'one' ? one : many;
  return form.replace('{count}', count.toLocaleString(locale));
}
