// SPDX-License-Identifier: Apache-2.0
// A number, typed: no arrows that change it by accident, and digits of whichever
// script the reader's keyboard has.
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { translate } from '@docusaurus/Translate';
import type { Question as Asked } from 'docusaurus-theme-bookplate/client';

import { useDraft } from './draft';
import type { InputProps } from './index';
import styles from './styles.module.css';

/** Beyond it the server's bound means: none. */
const UNBOUNDED = 1e15;

function boundsOf({ kind, min, max }: Asked): { min: number; max: number } {
  const isScale = kind === 'scale';
  return {
    min: min ?? (isScale ? 1 : 0),
    max: max ?? (isScale ? 5 : UNBOUNDED),
  };
}

/** "۱۲٫۵" -> 12.5; NaN when it is no number. */
function parse(text: string): number {
  const plain = text
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
    .replace(/[,٫]/, '.');
  return plain === '' ? NaN : Number(plain);
}

function problemWith(text: string, question: Asked): string {
  const { min, max } = boundsOf(question);
  const number = parse(text);
  const whole = question.kind !== 'scale' || Number.isInteger(number);
  if (text === '' || (number >= min && number <= max && whole)) {
    return '';
  }
  return max >= UNBOUNDED
    ? translate(
        {
          id: 'theme.bookplate.question.numberFrom',
          message: 'Type a number of {min} or more.',
          description: 'Beside a question whose answer is no such number',
        },
        { min },
      )
    : translate(
        {
          id: 'theme.bookplate.question.numberBetween',
          message: 'Type a number from {min} to {max}.',
          description: 'Beside a question whose answer is no such number',
        },
        { min, max },
      );
}

export default function NumberQuestion(props: InputProps): ReactNode {
  const { question, value, onAnswer, id, invalid, describedBy } = props;
  const [problem, setProblem] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const draft = useDraft(value === undefined ? '' : String(value), (text) => {
    const wrong = problemWith(text, question);
    setProblem(wrong);
    if (wrong === '') {
      onAnswer(text === '' ? undefined : parse(text));
    }
  });
  // A form that asks its fields learns of it, and does not go on.
  useEffect(() => input.current?.setCustomValidity(problem), [problem]);
  return (
    <>
      <input
        {...draft}
        onChange={(event) => {
          draft.onChange(event);
          // Not on leaving: what is clicked then would move away beneath it.
          if (problemWith(event.target.value.trim(), question) === '') {
            setProblem('');
          }
        }}
        ref={input}
        id={id}
        name={question.id}
        className={`${styles.input} ${styles.number}`}
        type="text"
        inputMode="decimal"
        autoComplete="off"
        aria-invalid={invalid || problem !== '' || undefined}
        aria-describedby={
          [describedBy, problem && `${id}-number`].filter(Boolean).join(' ') ||
          undefined
        }
      />
      <p className={styles.error} id={`${id}-number`} role="alert">
        {problem}
      </p>
    </>
  );
}
