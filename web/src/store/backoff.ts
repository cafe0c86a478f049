/** Milliseconds to wait before try number `attempt` (from 1): doubles from 250 ms to 10 s, of which between half and all is taken by lot. */
export const backoffMs = (attempt: number, random: () => number): number => {
  const ceiling = Math.min(10_000, 250 * 2 ** Math.max(0, attempt - 1));
  return Math.round(ceiling * (0.5 + random() / 2));
};
