// SPDX-License-Identifier: Apache-2.0
// One question of the questionnaire, of whatever kind: real inputs, named by the
// question's id, with why it is asked and what is wrong with the answer.
import { useId, type ReactNode } from 'react';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import Translate, { translate } from '@docusaurus/Translate';
import {
  labelIn,
  type Answer,
  type Question as Asked,
} from 'docusaurus-theme-bookplate/client';

import Multi from './Multi';
import NumberQuestion from './NumberQuestion';
import Scale, { RUNGS_MOST, rungsOf } from './Scale';
import Single from './Single';
import Text from './Text';
import Why from './Why';
import styles from './styles.module.css';

export interface Props {
  question: Asked;
  value: Answer | undefined;
  /** undefined takes the answer back. */
  onAnswer(answer: Answer | undefined): void;
  /** What the server or the page has against the answer. */
  error?: string;
  /** true: why it is asked stands in view; otherwise it can be opened. */
  why?: boolean;
}

/** What each kind of input is given. */
export interface InputProps {
  question: Asked;
  value: Answer | undefined;
  onAnswer(answer: Answer | undefined): void;
  locale: string;
  /** Of the input, where there is only one. */
  id: string;
  invalid: boolean;
  /** Ids of what describes the input. */
  describedBy: string | undefined;
}

function inputOf({ kind, ...bounds }: Asked): (props: InputProps) => ReactNode {
  switch (kind) {
    case 'single':
      return Single;
    case 'multi':
      return Multi;
    case 'scale':
      return rungsOf(bounds).length > RUNGS_MOST ? NumberQuestion : Scale;
    case 'number':
      return NumberQuestion;
    default:
      return Text;
  }
}

/** Keeps the star beside the last word. */
const NO_BREAK = '\u00a0';

function Needed(): ReactNode {
  const text = translate({
    id: 'theme.bookplate.question.needed',
    message: 'needed for a complete profile',
    description: 'What the star behind a question means',
  });
  return (
    <abbr className={styles.needed} title={text}>
      *
    </abbr>
  );
}

function TakeBack({ onAnswer }: Pick<Props, 'onAnswer'>): ReactNode {
  return (
    <button
      type="button"
      className={`clean-btn ${styles.quiet}`}
      onClick={() => onAnswer(undefined)}
    >
      <Translate
        id="theme.bookplate.question.takeBack"
        description="The button below a question that takes the answer back"
      >
        Take my answer back
      </Translate>
    </button>
  );
}

export default function Question(props: Props): ReactNode {
  const { question, value, onAnswer, error, why } = props;
  const { i18n } = useDocusaurusContext();
  const id = useId();
  const locale = i18n.currentLocale;
  const Input = inputOf(question);
  const isGroup = [Single, Multi, Scale].includes(Input);
  const help = labelIn(question.help, locale);
  const reason = labelIn(question.why, locale);
  const described =
    [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(' ') ||
    undefined;
  const label = (
    <>
      <span dir="auto">{labelIn(question.label, locale)}</span>
      {question.required && (
        <>
          {NO_BREAK}
          <Needed />
        </>
      )}
    </>
  );
  const below = (
    <>
      {help && (
        <p className={styles.help} id={`${id}-help`} dir="auto">
          {help}
        </p>
      )}
      <Input
        question={question}
        value={value}
        onAnswer={onAnswer}
        locale={locale}
        id={id}
        invalid={Boolean(error)}
        describedBy={described}
      />
      <p className={styles.error} id={`${id}-error`} role="alert">
        {error}
      </p>
      <div className={styles.foot}>
        {reason && <Why text={reason} open={why} />}
        {value !== undefined && isGroup && <TakeBack onAnswer={onAnswer} />}
      </div>
    </>
  );
  return isGroup ? (
    <fieldset className={styles.question} aria-describedby={described}>
      <legend className={styles.label}>{label}</legend>
      {below}
    </fieldset>
  ) : (
    <div className={styles.question}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      {below}
    </div>
  );
}
