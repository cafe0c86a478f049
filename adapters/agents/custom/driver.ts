/** Any program as an agent: the profile says everything, and nothing is known of it beyond that. */
import { fail, ok } from '../../../src/errors.ts';
import type { AgentDriver, EndStep } from '../../../src/ports/agents.ts';
import { explainExit } from '../explain-exit.ts';
import { checkPatterns, readPatterns } from '../patterns.ts';
import { fillCommand } from '../prompt-argument.ts';

/** At the beginning of a prompt programs take these for commands, files, shell lines, notes or options; which ones, nobody told us. */
const special = /^\s*[/@!#&?-]/u;

const polite: readonly EndStep[] = [
  { signal: 'SIGTERM', waitMs: 4_000 },
  // Interactive shells ignore TERM and end with their terminal.
  { signal: 'SIGHUP', waitMs: 2_000 },
];

export const customDriver: AgentDriver = {
  plan(request) {
    const { profile, prompt } = request;
    const patterns = checkPatterns(profile);
    if (!patterns.ok) return patterns;
    if (prompt?.includes('\0')) return fail('CCM_BAD_INPUT', 'The prompt holds a NUL character, which no program can be given.');
    const { words, files } = fillCommand(profile.command, request);
    const [program, ...args] = words;
    if (!program)
      return fail('CCM_CONFIG_INVALID', `agents.${profile.name}.command names no program.`, { field: `agents.${profile.name}.command` });
    return ok({ argv: [program, ...args], env: {}, files, stdin: profile.prompt === 'stdin' ? prompt : null });
  },
  feed: (profile, text) => ok({ text: special.test(text) ? `Message: ${text}` : text, settleMs: profile.settleMs }),
  controls: (profile) => ({
    interrupt: ['C-c'],
    tellsInterrupt: false,
    ending: profile.mode === 'interactive' ? [{ press: ['C-c'], waitMs: 1_000 }, ...polite] : polite,
  }),
  read: readPatterns,
  reply(_profile, _question, decision, text) {
    if (decision === 'expire') return null;
    return [{ waitMs: 0, enter: decision === 'answer' ? (text ?? '') : decision === 'allow' ? 'y' : 'n' }];
  },
  explainExit: (profile, exit) => explainExit(profile.command[0] ?? profile.name, exit),
};
