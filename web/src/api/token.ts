/** Where this browser keeps its token, and how a one-time link becomes one. Local storage is bound to our origin, cookies are not. */
import type { Redeemed, Reply } from './types.ts';

const place = 'ccm.token';

export const storedToken = (): string | null => localStorage.getItem(place);
export const forgetToken = (): void => localStorage.removeItem(place);

/** Null when the address holds no key; otherwise whether it was taken. The key leaves the address (and the history) in any case. */
export const redeemLink = async (): Promise<'taken' | 'refused' | null> => {
  const key = new URLSearchParams(location.hash.slice(1)).get('k');
  if (key === null) return null;
  history.replaceState(null, '', location.pathname + location.search);
  const reply = await fetch('/api/v1/auth/redeem', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ key }),
  });
  if (!reply.ok) return 'refused';
  const body: Reply<Redeemed> = await reply.json();
  localStorage.setItem(place, body.data.token);
  return 'taken';
};
