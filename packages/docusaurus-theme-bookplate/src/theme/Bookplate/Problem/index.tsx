// SPDX-License-Identifier: Apache-2.0
// What went wrong with a form, above it: the problem itself, or which fields
// have one. It takes the focus when it appears, and a list leads to the fields.
import { useEffect, useRef, type ReactNode } from 'react';
import Translate from '@docusaurus/Translate';

export interface Props {
  problem: string | null;
  fields?: Record<string, string>;
  /** What the fields are called here; their names in the form otherwise. */
  labels?: Record<string, string>;
}

function focusField(name: string, form: HTMLElement | null | undefined): void {
  form?.querySelector<HTMLElement>(`[name="${CSS.escape(name)}"]`)?.focus();
}

export default function Problem({
  problem,
  fields = {},
  labels = {},
}: Props): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const names = Object.keys(fields);
  const text = problem ?? names.map((name) => fields[name]).join();
  useEffect(() => {
    if (text !== '') {
      box.current?.focus();
    }
  }, [text]);
  if (text === '') {
    return null;
  }
  return (
    <div
      ref={box}
      className="alert alert--danger margin-bottom--md"
      role="alert"
      tabIndex={-1}
    >
      {problem ?? (
        <Translate
          id="theme.bookplate.form.fields"
          description="Above a form some fields of which were refused"
        >
          Please look at these once more:
        </Translate>
      )}
      {names.length > 0 && (
        <ul className="margin-bottom--none">
          {names.map((name) => (
            <li key={name}>
              <button
                type="button"
                className="clean-btn"
                style={{
                  font: 'inherit',
                  minBlockSize: 24,
                  minInlineSize: 24,
                  textAlign: 'start',
                  textDecoration: 'underline',
                }}
                onClick={() =>
                  focusField(name, box.current?.closest<HTMLElement>('form'))
                }
              >
                {labels[name] ?? name}
              </button>
              : {fields[name]}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
