/** The door that agents report through: its address and token are in their environment. */
import type { Cli } from './cli.ts';
import { readRunFile } from './daemon-address.ts';
import { usageError } from './exit.ts';
import { bodyOf, exchange, isNoReply } from './http.ts';

export type Hook = {
  agent: string;
  token: string;
  /** Where to try, in this order: a restarted daemon may listen on another port than the one the agent was told. */
  urls: () => readonly string[];
};

/** A usage error outside of an agent. */
export const hookOf = ({ env, home }: Cli): Hook => {
  const { CCM_HOOK_URL: url, CCM_HOOK_TOKEN: token, CCM_AGENT_ID: agent } = env;
  if (!url || !token || !agent)
    throw usageError(
      'ccm report works only inside an agent that CCM started.',
      'CCM_HOOK_URL, CCM_HOOK_TOKEN and CCM_AGENT_ID are set there.',
    );
  const told = url.replace(/\/+$/, '');
  return {
    agent,
    token,
    urls: () => {
      const now = readRunFile(home)?.url;
      return now === undefined || now === told ? [told] : [told, now];
    },
  };
};

type Ask = { method: 'GET' | 'POST'; path: string; body?: unknown; timeoutMs: number };
export type HookReply<T> = { data: T } | { problem: Record<string, unknown>; status: number } | { away: true };

/** `away`: nobody there, or a daemon that is just starting or stopping. */
export const askHook = async <T>(hook: Hook, { method, path, body, timeoutMs }: Ask): Promise<HookReply<T>> => {
  const headers: Record<string, string> = { authorization: `Bearer ${hook.token}`, accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  for (const url of hook.urls()) {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const response = await exchange({ url: `${url}/api/v1${path}`, method, headers, body: text, timeoutMs });
    if (isNoReply(response)) continue;
    const reply = parse(await bodyOf(response));
    const status = response.statusCode ?? 0;
    // No JSON, or a 5xx: not our daemon, or not in order. What is told must not be lost by that.
    if (reply === null || status >= 500 || status === 429) continue;
    if (status < 400 && 'data' in reply) return { data: reply.data as T };
    return { problem: reply, status };
  }
  return { away: true };
};

const parse = (text: string | null): Record<string, unknown> | null => {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null; // Somebody else's page.
  }
};
