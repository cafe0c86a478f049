/** A state value of XState as an indented tree, and as one line. */
import { oneLine } from './width.ts';

/** `{ running: { work: 'busy' } }` → `running`, `  work`, `    busy`. */
export const stateLines = (value: unknown, depth = 0): string[] => {
  const indent = '  '.repeat(depth);
  if (typeof value !== 'object' || value === null) return [`${indent}${oneLine(String(value))}`];
  return Object.entries(value).flatMap(([key, inner]) => [
    `${indent}${oneLine(key)}`,
    ...(typeof inner === 'object' && inner !== null && Object.keys(inner).length === 0 ? [] : stateLines(inner, depth + 1)),
  ]);
};

/** `{ running: { work: 'busy' } }` → `running.work.busy`; regions stand side by side with ` | `. */
export const stateText = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return oneLine(String(value));
  return Object.entries(value)
    .map(([key, inner]) => {
      const rest = stateText(inner);
      return rest === '' ? key : `${key}.${rest}`;
    })
    .join(' | ');
};
