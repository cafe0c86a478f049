/** "Did you mean …": the candidate with the fewest slips of the finger between it and what was written. */

/** Optimal string alignment: insertions, deletions, replacements and swapped neighbours each count one. */
export const slips = (a: string, b: string): number => {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      next.push(cost);
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
};

/** Candidates that could have been meant, nearest first, at most `max`. A beginning of a candidate counts as near. */
export const nearest = (word: string, candidates: readonly string[], max = 3): string[] => {
  const lower = word.slice(0, 100).toLowerCase();
  if (lower === '') return [];
  const reach = Math.max(1, Math.floor(lower.length / 3));
  return candidates
    .map((candidate) => {
      const other = candidate.toLowerCase();
      const far = slips(lower, other);
      return { candidate, far, distance: other.startsWith(lower) || lower.startsWith(other) ? Math.min(1, far) : far };
    })
    .filter(({ distance }) => distance <= reach)
    .toSorted((a, b) => a.distance - b.distance || a.far - b.far)
    .slice(0, max)
    .map(({ candidate }) => candidate);
};
