/** How Gemini CLI is started, or continues a conversation. */
import { join } from 'node:path';
import { fail, ok, type Result } from '../../../src/errors.ts';
import type { AgentDriver, LaunchRequest } from '../../../src/ports/agents.ts';
import { type AuthType, authOf, lacks } from './access.ts';
import { ownFilesOf } from './own.ts';
import { policyFile } from './policy.ts';
import { privateFiles } from './settings.ts';

const modes = ['default', 'auto_edit', 'yolo', 'plan'] as const;
type Mode = (typeof modes)[number];

/** Apart from a private one: what is linked there must not be found by a start that shall not use it. */
export const ownHome = (memory: string): string => join(memory, 'own', 'gemini');

export const plan: AgentDriver['plan'] = (request) => {
  const { profile, permissions } = request;
  const checked = check(request);
  if (!checked.ok) return checked;
  const { mode, auth } = checked.value;
  const policy = policyFile(permissions);
  if (!policy.ok) return policy;
  const { own: theirs } = request;
  const home = theirs === null ? join(request.memory, 'gemini') : ownHome(request.memory);
  const configured = theirs === null ? ok(privateFiles(home, auth, request)) : ownFilesOf(home, theirs, request);
  if (!configured.ok) return configured;
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
      ...(request.telemetry ? {} : { GEMINI_TELEMETRY_ENABLED: 'false' }),
    },
    files: [...configured.value, ...(policy.value === null ? [] : [{ path: policyPath, content: policy.value }])],
    stdin: null,
  });
};

const check = ({ profile, permissions, env, own }: LaunchRequest): Result<{ mode: Mode; auth: AuthType | null }> => {
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
  const auth = authOf(env);
  const lack = lacks(profile, env, own !== null);
  if (lack) return fail('CCM_CONFIG_INVALID', `${lack.sentence} ${lack.next}`, { field: `${at}.env` });
  return ok({ mode, auth });
};
