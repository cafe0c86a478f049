/** What is typed for a hub is looked at at once: nobody types a password for an address that cannot be one. The daemon decides. */

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** A sentence, or null: it may be one. */
export const urlTrouble = (text: string): string | null => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback.has(url.hostname))) return null;
  return 'A URL like https://abcd.supabase.co is wanted (see its dashboard).';
};
export const keyTrouble = (text: string): string | null => {
  if (text.startsWith('sb_secret_')) return 'That is the secret key. The publishable (anon) one is wanted.';
  return /^[\x21-\x7e]{8,}$/.test(text) ? null : 'The publishable (anon) key is wanted (see the dashboard).';
};
