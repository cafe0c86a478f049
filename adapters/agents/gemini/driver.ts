/** Gemini CLI, in its own terminal interface. */
import type { Exit } from '../../../machines/events.ts';
import { ok } from '../../../src/errors.ts';
import type { AgentDriver, ReplyStep } from '../../../src/ports/agents.ts';
import { explainExit } from '../explain-exit.ts';
import { accessSecrets, lacks } from './access.ts';
import { readConversationLine } from './conversation.ts';
import { hearHook } from './hear.ts';
import { ownHome, plan } from './launch.ts';
import { ownFiles } from './own.ts';
import { goingOnKeys, onceIsMarked, readMenu, readScreen, showsQuestion } from './screen.ts';

/** At the beginning of a prompt these are commands, shell lines, help, options. */
const special = /^\s*[/!?-]/u;
/** A dialog that was just drawn may not hear yet. */
const DIALOG_MS = 600;

/** Files are not to be put in for their names; what would be completed or continued by Enter gets a blank behind it. */
const fed = (text: string): string => {
  const escaped = text.replaceAll(/(?<!\\)@/gu, String.raw`\@`);
  const whole = special.test(escaped) ? `Message:\n${escaped}` : escaped;
  return /@\S*$|\\$/u.test(whole) ? `${whole} ` : whole;
};

/** Exit codes of the program itself. */
const codes: Readonly<Record<number, string>> = {
  41: 'could not sign in to its model service',
  42: 'did not accept how it was started, or knows nothing of the conversation it was to continue',
  44: 'could not start its sandbox',
  52: 'found its configuration invalid',
  53: 'reached its own limit of turns',
  54: 'gave up because of a tool',
  55: 'refused a folder that it does not trust',
  130: 'was cancelled',
};
/** An error of its model service: the HTTP status modulo 256. */
const statuses = [400, 401, 403, 404, 408, 429, 500, 502, 503, 504];

const explain = (exit: Exit): string => {
  const known = exit.signal === null && exit.code !== null ? codes[exit.code] : undefined;
  if (known) return `gemini ${known} (exit code ${exit.code})`;
  const status = exit.signal === null ? statuses.find((one) => one % 256 === exit.code) : undefined;
  return status === undefined
    ? explainExit('gemini', exit)
    : `gemini ended after its model service had answered ${status} (exit code ${exit.code})`;
};

const keptIn = (home: string, conversation: string) => ({
  below: `${home}/.gemini/tmp`,
  // It names the file after the beginning of the id.
  endsWith: `${conversation.slice(0, 8)}.jsonl`,
  // A file is there from the first moment; what holds no prompt cannot be continued.
  begun: /^\{"id":"[^"]*","timestamp":"[^"]*","type":"user"/mu,
});

export const geminiDriver: AgentDriver = {
  plan,
  // Older ones were not seen: hooks, session files and dialogs of this program change from month to month.
  least: '0.61.0',
  lacks,
  accessSecrets,
  feed: (profile, text) => ok({ text: fed(text), settleMs: profile.settleMs, confirmed: true }),
  controls: () => ({
    interrupt: ['Escape'],
    // In its session file.
    tellsInterrupt: true,
    ending: [
      { press: ['Escape'], waitMs: 500 },
      { enter: '/quit', waitMs: 2_500 },
      { signal: 'SIGTERM', waitMs: 3_000 },
    ],
  }),
  read: readScreen,
  shows: showsQuestion,
  opening: goingOnKeys,
  ownFiles,
  reply(_profile, { kind, choices, screen = '' }, decision, text) {
    // 1 is the only number that means the same in every dialog for a permission; Escape says no, and ends the turn.
    const press = (...keys: string[]): ReplyStep => ({ waitMs: DIALOG_MS, press: keys });
    const say = (words: string): ReplyStep => ({ waitMs: DIALOG_MS, enter: fed(words), closed: true });
    const words = text?.trim() ?? '';
    if (decision === 'allow') return [press(onceIsMarked(screen) ? 'Enter' : '1')];
    if (decision === 'expire' && kind === 'question') return null;
    if (decision !== 'answer') return [press('Escape'), ...(words === '' ? [] : [say(words)])];
    if (kind === 'approval') return null;
    const menu = readMenu({ text: screen, title: '' });
    const offered = menu.choices.length > 0 ? menu.choices : choices;
    const chosen = offered.indexOf(words);
    if (chosen !== -1 && chosen < 9) return [press(String(chosen + 1))];
    // A line to type into stands behind the choices of every question of the model, and in none of the program's own: there other words are no
    // answer, and above all no yes.
    const own = menu.own ?? (menu.choices.length === 0 && offered.length > 0 && offered.length < 9 ? String(offered.length + 1) : null);
    if (own !== null) return [press(own), { waitMs: DIALOG_MS, enter: words }];
    // A dialog we do not know: the words go in as the next prompt.
    return menu.choices.length > 0 ? null : [press('Escape'), say(words)];
  },
  explainExit: (_profile, exit) => explain(exit),
  listening: {
    hear: hearHook,
    answer: () => ({}),
    answersTyped: true,
    endsInFile: true,
    readLine: readConversationLine,
    keptAt: (memory, conversation) => keptIn(`${memory}/gemini`, conversation),
    keptOwn: (_own, memory, conversation) => keptIn(ownHome(memory), conversation),
  },
};
