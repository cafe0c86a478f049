/** What was done, in words, where the page would not show it by itself. Pure; '' where it does. */
export const saidOf = (verb: string, reply: unknown): string => {
  if (reply === null || typeof reply !== 'object') return '';
  const data = new Map(Object.entries(reply));
  if (verb === 'merge') return `Merged into ${data.get('branch')} as ${String(data.get('commit')).slice(0, 10)}.`;
  if (verb !== 'rm') return '';
  const rescue = typeof data.get('rescueRef') === 'string' ? ` Its commits stay under ${data.get('rescueRef')}.` : '';
  return data.get('removed') === true
    ? `The worktree is removed.${rescue}`
    : `Kept: ${data.get('kept') ?? 'it holds work that is nowhere else.'}`;
};
