/** What is new on a screen that was printed before. */

/**
 * The lines of `now` that follow what `before` ended with. Screens are redrawn: the last line of `before` may have grown, and old lines may
 * have scrolled out. With nothing in common everything is new.
 */
export const fresh = (before: readonly string[], now: readonly string[]): readonly string[] => {
  if (before.length === 0 || (before.length === 1 && before[0] === '')) return now.length === 1 && now[0] === '' ? [] : now;
  // Nothing scrolled out: what was printed is the beginning of what is there.
  for (const known of [before, before.slice(0, -1)])
    if (known.length > 0 && known.every((line, i) => now[i] === line)) return now.slice(known.length);
  // The longest end of what was printed that stands somewhere in `now`, as late as possible; the very last line may differ.
  for (const known of [before, before.slice(0, -1)]) {
    if (known.length === 0) continue;
    const tail = known.slice(-40);
    for (let end = now.length; end >= tail.length; end -= 1)
      if (tail.every((line, i) => now[end - tail.length + i] === line)) return now.slice(end);
  }
  const last = before.at(-1) ?? '';
  const at = now.lastIndexOf(last);
  return at === -1 ? now : now.slice(at + 1);
};
