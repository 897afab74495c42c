// SPDX-License-Identifier: Apache-2.0
// Several of the choices, or, said in so many words, none of them: boxes that
// were left alone are no answer.
import type { ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import { labelIn, named } from 'docusaurus-theme-bookplate/client';

import Choice from './Choice';
import type { InputProps } from './index';
import styles from './styles.module.css';

function NoneOfThese(): ReactNode {
  return (
    <Translate
      id="theme.bookplate.question.none"
      description="The last choice of a question with several choices"
    >
      None of these
    </Translate>
  );
}

function AtMost({ most }: { most: number }): ReactNode {
  return (
    <p className={styles.help}>
      <Translate
        id="theme.bookplate.question.most"
        description="How many choices may be taken at once"
        values={{ most }}
      >
        {'Choose {most} at most.'}
      </Translate>
    </p>
  );
}

export default function Multi(props: InputProps): ReactNode {
  const { question, value, onAnswer, locale } = props;
  const { id: name, choices = [], required } = question;
  const most = question.most ?? choices.length;
  // In the order they stand, without what is no choice any more.
  const ids = choices.map(({ id }) => id);
  const chosen = ids.filter((id) => named(value).includes(id));
  const toggle = (id: string, on: boolean) => {
    const now = ids.filter((other) =>
      other === id ? on : chosen.includes(other),
    );
    onAnswer(now.length > 0 ? now : undefined);
  };
  return (
    <>
      {most < choices.length && <AtMost most={most} />}
      <div className={styles.choices}>
        {choices.map(({ id, label, help }) => (
          <Choice
            key={id}
            type="checkbox"
            name={name}
            value={id}
            label={labelIn(label, locale)}
            help={labelIn(help, locale)}
            checked={chosen.includes(id)}
            disabled={chosen.length >= most && !chosen.includes(id)}
            onChange={(on) => toggle(id, on)}
          />
        ))}
        {!required && !ids.includes('none') && (
          <Choice
            type="checkbox"
            name={name}
            value=""
            label={<NoneOfThese />}
            checked={value !== undefined && named(value).length === 0}
            onChange={(on) => onAnswer(on ? [] : undefined)}
          />
        )}
      </div>
    </>
  );
}
