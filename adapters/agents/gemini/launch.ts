/** How Gemini CLI is started, or continues a conversation. */
import { join } from 'node:path';
import { fail, ok, type Result } from '../../../src/errors.ts';
import type { AgentDriver, LaunchRequest } from '../../../src/ports/agents.ts';
import { policyFile } from './policy.ts';
import { type AuthType, privateFiles } from './settings.ts';

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

const check = ({ profile, permissions, env }: LaunchRequest): Result<{ mode: Mode; auth: AuthType }> => {
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
  if (auth === null)
    return wrong(
      'env',
      'gives Gemini CLI no way to reach a model. Set GEMINI_API_KEY there (a key from Google AI Studio), or GOOGLE_GENAI_USE_VERTEXAI = "true" with what Vertex AI needs.',
    );
  return ok({ mode, auth });
};

const authOf = (env: LaunchRequest['env']): AuthType | null => {
  if (env['GOOGLE_GENAI_USE_VERTEXAI'] === 'true') return 'vertex-ai';
  return env['GEMINI_API_KEY'] ? 'gemini-api-key' : null;
};
