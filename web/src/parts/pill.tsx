/** A status: sign, word, colour. */
import { SignMark } from './sign.tsx';
import { lookOf, wordsOf } from './words.ts';

export const Pill = ({ status }: { status: string }) => {
  const { tone, sign } = lookOf(status);
  return (
    <span class={`pill tone-${tone}`} data-status={status}>
      <SignMark sign={sign} />
      {wordsOf(status)}
    </span>
  );
};
