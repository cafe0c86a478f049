/** Counts the steps of one kind that belong to some actors: something to watch. */
import { useEffect, useState } from 'preact/hooks';
import { onStep } from '../store/home.ts';

export const useStepsOf = (kind: string, parents: readonly string[]): number => {
  const [count, setCount] = useState(0);
  useEffect(
    () =>
      onStep((row) => {
        if (row.kind === kind && (row.task === undefined || parents.includes(row.task))) setCount((n) => n + 1);
      }),
    [kind, parents.join(' ')],
  );
  return count;
};
