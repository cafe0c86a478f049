/**
 * Codex's hooks, all pointing at us, and the trust it wants for them: it runs a hook only when its own `config.toml` holds the hash of exactly this
 * definition, and asks a person otherwise (then `screen.ts` answers). We vouch for our own hooks alone; `--dangerously-bypass-hook-trust` would let
 * any hook run.
 */
import { createHash } from 'node:crypto';
import type { LaunchRequest } from '../../../src/ports/agents.ts';

/** Events and their names in the trust table, with the seconds they may take. What it does not wait for long is cut off at three. */
const events = {
  SessionStart: ['session_start', 20],
  UserPromptSubmit: ['user_prompt_submit', 20],
  PreToolUse: ['pre_tool_use', 20],
  PermissionRequest: ['permission_request', 20],
  PostToolUse: ['post_tool_use', 20],
  Stop: ['stop', 20],
  SubagentStop: ['subagent_stop', 20],
  Interrupt: ['interrupt', 3],
} as const satisfies Record<string, readonly [string, number]>;

type Hooks = Pick<LaunchRequest, 'hooks'>;

const hookOf = ({ hooks }: Hooks, seconds: number) => ({ type: 'command', command: `${hooks.command} codex`, timeout: seconds });

/** `hooks.json`. */
export const hooksJson = (request: Hooks): string => {
  const hooks = Object.entries(events).map(([name, [, seconds]]) => [name, [{ hooks: [hookOf(request, seconds)] }]] as const);
  return `${JSON.stringify({ hooks: Object.fromEntries(hooks) }, null, 1)}\n`;
};

/** What the program would write itself after a person trusted them: path, event, group and place → hash of the definition with sorted keys. */
export const hookTrust = (request: Hooks, file: string): Record<string, { trusted_hash: string }> => {
  const trust = Object.values(events).map(([label, seconds]) => {
    const { command, timeout, type } = hookOf(request, seconds);
    const definition = JSON.stringify({ event_name: label, hooks: [{ async: false, command, timeout, type }] });
    return [`${file}:${label}:0:0`, { trusted_hash: `sha256:${createHash('sha256').update(definition).digest('hex')}` }] as const;
  });
  return Object.fromEntries(trust);
};

/** The file that the program takes the command line for. */
const FLAGS = '/<session-flags>/config.toml';

/** The same hooks as options, where the files are the person's own. JSON's strings are strings of TOML, too. */
export const hookFlags = (request: Hooks): string[] => {
  const inline = (value: object): string =>
    `{${Object.entries(value)
      .map(([key, one]) => `${JSON.stringify(key)}=${typeof one === 'object' ? inline(one) : JSON.stringify(one)}`)
      .join(',')}}`;
  const hooks = Object.entries(events).map(([name, [, seconds]]) => `hooks.${name}=[{hooks=[${inline(hookOf(request, seconds))}]}]`);
  return [...hooks, `hooks.state=${inline(hookTrust(request, FLAGS))}`].flatMap((option) => ['-c', option]);
};
