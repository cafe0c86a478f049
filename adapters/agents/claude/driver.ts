/** Claude Code, in its own terminal interface. */
import { ok } from '../../../src/errors.ts';
import type { AgentDriver, ReplyStep } from '../../../src/ports/agents.ts';
import { explainExit } from '../explain-exit.ts';
import { accessSecrets, lacks } from './access.ts';
import { readConversationLine, readSubagentLine } from './conversation.ts';
import { answerHook, hearHook } from './hear.ts';
import { plan } from './launch.ts';
import { type Menu, readMenu, readScreen, showsQuestion } from './screen.ts';

/** At the beginning of a prompt these are commands, files, shell lines, notes; blanks before them change nothing. */
const special = /^\s*[/@!#&?-]/u;

/** A dialog drops the keys of its first 0.2 s. */
const DIALOG_MS = 600;

/** From the marked line to the chosen one. Anything else than one of its choices is no answer: a blind Enter here may end the program. */
const choose = ({ choices, marked }: Menu, text: string | null): readonly ReplyStep[] | null => {
  const chosen = choices.indexOf(text?.trim() ?? '');
  if (chosen === -1) return null;
  const way = Array.from<string>({ length: Math.abs(chosen - marked) }).fill(chosen > marked ? 'Down' : 'Up');
  return [{ waitMs: DIALOG_MS, press: [...way, 'Enter'] }];
};

/** Until a prompt or an answer stands in it, the program knows of no conversation to resume. */
const begun = /"type":"(?:user|assistant)"/u;

export const claudeDriver: AgentDriver = {
  plan,
  // Older ones have other dialogs, other hooks or none over HTTP: what is known of this one would not be true of them.
  least: '2.1.300',
  lacks,
  accessSecrets,
  feed: (profile, text) => ok({ text: special.test(text) ? `Message:\n${text}` : text, settleMs: profile.settleMs, confirmed: true }),
  controls: () => ({
    interrupt: ['Escape'],
    // In its transcript.
    tellsInterrupt: true,
    emptiesBox: ['C-c'],
    ending: [
      { press: ['Escape'], waitMs: 500 },
      // It may have given the prompt back into its box.
      { press: ['C-c'], waitMs: 300 },
      { enter: '/exit', waitMs: 2_500 },
      { signal: 'SIGTERM', waitMs: 3_000 },
    ],
  }),
  read: readScreen,
  shows: showsQuestion,
  reply(_profile, { kind, choices, screen }, decision, text) {
    const menu = screen === undefined ? null : readMenu(screen);
    if (menu) return decision === 'answer' ? choose(menu, text) : null;
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
    readHelperLine: readSubagentLine,
    keptOwn: (own, _memory, conversation) => ({ below: `${own}/.claude/projects`, endsWith: `${conversation}.jsonl`, begun }),
    keptAt: (memory, conversation) => ({ below: `${memory}/claude/projects`, endsWith: `${conversation}.jsonl`, begun }),
  },
};
