/** The agent that comes with us: a scripted program on our own Node, for the first minute, for pictures and for tests. */
import { fileURLToPath } from 'node:url';
import { ok } from '../../../src/errors.ts';
import type { AgentDriver } from '../../../src/ports/agents.ts';
import { customDriver } from '../custom/driver.ts';
import { promptFile } from '../prompt-argument.ts';

/** `agent.ts` beside this file; `agent.js` when we are compiled. */
const program = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './agent.ts' : './agent.js', import.meta.url));

/** What starts the script by hand; profiles of kind `demo` have it as their command. */
export const demoCommand: readonly [string, ...string[]] = [process.execPath, program];

export const demoDriver: AgentDriver = {
  ...customDriver,
  /** Of `command` only the options behind the script count: a task made by an older Node or another folder still starts ours. */
  plan(request) {
    const { profile, prompt, resume } = request;
    const interactive = profile.mode === 'interactive';
    const script = profile.command.findLastIndex((word) => /(?:^|\/)agent\.[jt]s$|^demo$/u.test(word));
    const options = script === -1 ? [] : profile.command.slice(script + 1).filter((word) => !word.includes('{prompt}'));
    const first = interactive && prompt !== null ? [{ path: promptFile(request), content: prompt }] : [];
    return ok({
      argv: [
        ...demoCommand,
        ...(interactive ? ['--interactive'] : []),
        ...(resume === null ? [] : ['--resumed']),
        ...first.flatMap(({ path }) => ['--prompt-file', path]),
        ...options,
      ],
      env: {},
      files: first,
      stdin: interactive ? null : (prompt ?? ''),
    });
  },
  controls: ({ mode }) => ({
    interrupt: [mode === 'interactive' ? 'Escape' : 'C-c'],
    tellsInterrupt: false,
    ending: [...(mode === 'interactive' ? [{ enter: '/exit', waitMs: 1_500 }] : []), { signal: 'SIGTERM', waitMs: 3_000 }],
  }),
  /** What the script draws; a profile may still say otherwise. */
  read: (profile, screen) =>
    customDriver.read(
      { ...profile, ready: profile.ready ?? '^›\\s*$', busy: profile.busy ?? '^  [⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] ', ask: profile.ask },
      screen,
    ),
  explainExit: (profile, exit) => customDriver.explainExit({ ...profile, command: ['the demo agent'] }, exit),
};
