/** What the second one to decide is told: who was first, where, and what they said. */
import { shortText } from '../lib/short-text.ts';

export const decidedText = (status: string, by: string | null, answer: string | null): string => {
  const said = answer === null || answer === '' ? '' : `: "${shortText(answer, 120)}"`;
  if (status === 'pending') return 'It was decided on another machine at the same moment; by whom is not heard here yet.';
  const who = by === null || by === 'timer' ? '' : `, by ${by === 'policy' ? 'a rule' : by}`;
  return `It was ${status} already${who}${said}.`;
};

/** There is nothing left to decide. */
export const afterDecision = 'See `ccm inbox` for what still waits.';
