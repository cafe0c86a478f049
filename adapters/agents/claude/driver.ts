/** Claude Code, in its own terminal interface. */
import { ok } from '../../../src/errors.ts';
import type { AgentDriver, ReplyStep } from '../../../src/ports/agents.ts';
import { explainExit } from '../explain-exit.ts';
import { readConversationLine } from './conversation.ts';
import { answerHook, hearHook } from './hear.ts';
import { plan } from './launch.ts';
import { readScreen } from './screen.ts';

/** At the beginning of a prompt these are commands, files, shell lines, notes; blanks before them change nothing. */
const special = /^\s*[/@!#&?-]/u;

/** A dialog drops the keys of its first 0.2 s. */
const DIALOG_MS = 600;

export const claudeDriver: AgentDriver = {
  plan,
  feed: (profile, text) => ok({ text: special.test(text) ? `Message:\n${text}` : text, settleMs: profile.settleMs, confirmed: true }),
  controls: () => ({
    interrupt: ['Escape'],
    // In its transcript.
    tellsInterrupt: true,
    ending: [
      { press: ['Escape'], waitMs: 500 },
      { enter: '/exit', waitMs: 2_500 },
      { signal: 'SIGTERM', waitMs: 3_000 },
    ],
  }),
  read: readScreen,
  reply(_profile, { kind, choices }, decision, text) {
    // The number of "No" differs from dialog to dialog: only 1 and Escape are safe.
    const press = (...keys: string[]): readonly ReplyStep[] => [{ waitMs: DIALOG_MS, press: keys }];
    if (decision === 'expire') return null;
    if (decision === 'deny') return press('Escape');
    if (decision === 'allow') return press('1');
    if (kind === 'approval') return null;
    const chosen = choices.indexOf(text ?? '');
    if (chosen !== -1 && chosen < 9) return press(String(chosen + 1));
    // Behind the choices stands a line to type into.
    return choices.length < 9 ? [...press(String(choices.length + 1)), { waitMs: DIALOG_MS, enter: text ?? '' }] : null;
  },
  explainExit: (_profile, exit) => explainExit('claude', exit),
  listening: {
    hear: hearHook,
    answer: answerHook,
    readLine: readConversationLine,
    keptAt: (memory, conversation) => ({ below: `${memory}/claude/projects`, endsWith: `${conversation}.jsonl` }),
  },
};
