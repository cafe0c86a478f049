/** How Gemini CLI is started, or continues a conversation. */
import { join } from 'node:path';
import { fail, ok, type Result } from '../../../src/errors.ts';
import type { AgentDriver, LaunchRequest } from '../../../src/ports/agents.ts';
import { type AuthType, authOf, lacks } from './access.ts';
import { policyFile } from './policy.ts';
import { privateFiles } from './settings.ts';

const modes = ['default', 'auto_edit', 'yolo', 'plan'] as const;
type Mode = (typeof modes)[number];

export const plan: AgentDriver['plan'] = (request) => {
  const { profile, permissions } = request;
  const checked = check(request);
  if (!checked.ok) return checked;
  const { mode, auth } = checked.value;
  const policy = policyFile(permissions);
  if (!policy.ok) return policy;
  const home = join(request.memory, 'gemini');
  const policyPath = join(request.folder, 'policy.toml');
  const [program, ...own] = profile.command;
  return ok({
    argv: [
      program ?? 'gemini',
      ...own,
      '--approval-mode',
      // In a folder it does not trust it would fall back to this by itself; what we pass is what holds.
      request.trusted || mode === 'plan' ? mode : 'default',
      ...(request.resume === null ? ['--session-id', request.conversation] : ['--resume', request.resume]),
      ...(policy.value === null ? [] : ['--policy', policyPath]),
      ...permissions.addDirs.flatMap((folder) => ['--include-directories', folder]),
    ],
    env: {
      GEMINI_CLI_HOME: home,
      // Else a second process is started that outlives signals to the first.
      GEMINI_CLI_NO_RELAUNCH: 'true',
      GEMINI_TELEMETRY_ENABLED: 'false',
    },
    files: [...privateFiles(home, auth, request), ...(policy.value === null ? [] : [{ path: policyPath, content: policy.value }])],
    stdin: null,
  });
};

const check = ({ profile, permissions, env, own }: LaunchRequest): Result<{ mode: Mode; auth: AuthType }> => {
  const at = `agents.${profile.name}`;
  const wrong = (key: string, sentence: string) => fail('CCM_CONFIG_INVALID', `${at}.${key} ${sentence}`, { field: `${at}.${key}` });
  if (profile.mode !== 'interactive' || profile.prompt !== 'paste')
    return wrong('mode', 'must be "interactive" with prompt = "paste" for Gemini CLI: only then can it ask, be answered and be talked to.');
  const asked = permissions.mode ?? 'default';
  const mode = modes.find((one) => one === asked);
  if (mode === undefined) return wrong('permissions.mode', `is "${asked}"; Gemini CLI knows ${modes.join(', ')}.`);
  // The option is split at commas.
  const odd = permissions.addDirs.find((folder) => folder.startsWith('-') || folder.includes(','));
  if (odd !== undefined) return wrong('permissions.add_dirs', `holds "${odd}", which would be read as an option or as two folders.`);
  if (own !== null) return wrong('config', 'is "own"; Gemini CLI is driven with a configuration of the conversation only.');
  const auth = authOf(env);
  const lack = lacks(profile, env, false);
  if (auth === null || lack) return fail('CCM_CONFIG_INVALID', `${lack?.sentence} ${lack?.next}`, { field: `${at}.env` });
  return ok({ mode, auth });
};
