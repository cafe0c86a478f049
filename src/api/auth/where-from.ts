/**
 * Where a request comes from, judged by three headers no web page can forge. Pure.
 * Host: a name that a hostile DNS entry points at us (rebinding) is not one of ours. Origin and Sec-Fetch-Site: another page, also one on
 * another port of this machine (`same-site`, where agents run servers), may not use us. Programs send neither, and need a token anyway.
 */
import { fail, type Problem } from '../../errors.ts';

export type Asked = {
  method: string;
  /** Raw request target. */
  url: string;
  host: string | undefined;
  origin: string | undefined;
  fetchSite: string | undefined;
  fetchMode: string | undefined;
};
export type Verdict = { go: true } | { redirect: string } | { refuse: Problem };

export type HostRules = { port: number; allowedHosts: readonly string[] };

/** The address people are sent to: one origin, so that the browser keeps one token. */
const canonicalHost = (port: number): string => `127.0.0.1:${port}`;

const local = (port: number): string[] => ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port}`);

const isAllowed = (host: string, { port, allowedHosts }: HostRules): boolean =>
  local(port).includes(host) ||
  // Browsers leave the default port away.
  (port === 80 && local(80).includes(`${host}:80`)) ||
  allowedHosts.some((allowed) => {
    const name = allowed.toLowerCase();
    return host === name || host === `${name}:${port}`;
  });

export const judge = (asked: Asked, rules: HostRules): Verdict => {
  const host = asked.host?.toLowerCase();
  if (host === undefined || !isAllowed(host, rules)) {
    return refuse('CCM_BAD_HOST', `The Host header is ${shown(asked.host)}, which is not one of ours.`);
  }
  if (!asked.url.startsWith('/')) return refuse('CCM_BAD_INPUT', 'The request target must be a path.');
  if (asked.origin !== undefined && !isOwn(asked.origin, host)) {
    return refuse('CCM_FORBIDDEN', `The request comes from another page (Origin: ${shown(asked.origin)}).`);
  }
  const site = asked.fetchSite;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    return refuse('CCM_FORBIDDEN', `The request comes from another page (Sec-Fetch-Site: ${shown(site)}).`);
  }
  const canonical = canonicalHost(rules.port);
  const other = local(rules.port).includes(host) && host !== canonical;
  // Only what a person types: an API call to localhost is answered where it was sent.
  if (other && asked.method === 'GET' && asked.fetchMode === 'navigate') return { redirect: `http://${canonical}${asked.url}` };
  return { go: true };
};

const isOwn = (origin: string, host: string): boolean => {
  const lower = origin.toLowerCase();
  return lower === `http://${host}` || lower === `https://${host}`;
};

const refuse = (code: 'CCM_BAD_HOST' | 'CCM_FORBIDDEN' | 'CCM_BAD_INPUT', detail: string) => ({ refuse: fail(code, detail).problem });
const shown = (text: string | undefined): string => (text === undefined ? 'missing' : JSON.stringify(text.slice(0, 100)));
