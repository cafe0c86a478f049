/** The settings a supervised Claude Code gets: its hooks, all pointing at us. */
import type { Json, LaunchRequest } from '../../../src/ports/agents.ts';

/** Seconds. A question may wait as long as a person sleeps over it; everything else is answered at once. */
const QUESTION_S = 7_200;
const PROMPT_S = 20;

/** Sent over HTTP. What cannot be (SessionStart), and what must not be lost while we are away, goes through a command that spools. */
const overHttp = ['UserPromptSubmit', 'PreToolUse', 'PermissionRequest', 'PostToolUse', 'PostToolUseFailure', 'Stop', 'StopFailure'];
const byCommand = ['SessionStart', 'SubagentStop', 'Stop', 'StopFailure'];

export const settings = ({ hooks }: Pick<LaunchRequest, 'hooks'>, mode: string): { readonly [key: string]: Json } => {
  const http = (name: string): Json => ({
    type: 'http',
    url: `${hooks.url}/claude`,
    timeout: name === 'PermissionRequest' ? QUESTION_S : PROMPT_S,
    // Expanded by the program: the file holds no secret.
    headers: { authorization: 'Bearer $CCM_HOOK_TOKEN' },
    allowedEnvVars: ['CCM_HOOK_TOKEN'],
  });
  const command: Json = { type: 'command', command: `${hooks.command} claude`, timeout: PROMPT_S };
  const names = [...new Set([...byCommand, ...overHttp])];
  return {
    hooks: Object.fromEntries(
      names.map((name) => [
        name,
        [{ hooks: [...(overHttp.includes(name) ? [http(name)] : []), ...(byCommand.includes(name) ? [command] : [])] }],
      ]),
    ),
    // Whoever sets this mode in config.toml has been told what it means.
    ...(mode === 'bypassPermissions' ? { skipDangerousModePermissionPrompt: true } : {}),
  };
};
