/** Codex, in its own terminal interface. */
import { ok } from '../../../src/errors.ts';
import type { AgentDriver, ReplyStep } from '../../../src/ports/agents.ts';
import { explainExit } from '../explain-exit.ts';
import { answerHook, hearHook } from './hear.ts';
import { codexHome, plan } from './launch.ts';
import { readRolloutLine } from './rollout.ts';
import { openingKeys, readScreen } from './screen.ts';

/** At the beginning of a prompt these are commands, shell lines, files, skills; blanks before them may change nothing. */
const special = /^\s*[/!@$#&?-]/u;
/** A file or a skill as the very last word opens a list to choose from. */
const openEnd = /[@$]\S*$/u;

/** A dialog may need a moment before it hears keys. */
const DIALOG_MS = 300;

/** A choice by its number, which only marks it; other words as a note to the last choice, "None of the above". */
const answerSteps = (choices: readonly string[], text: string): readonly ReplyStep[] => {
  const place = /^[1-9]$/u.test(text.trim()) ? Number(text) : choices.indexOf(text) + 1;
  if (place > 0 && place < 10) return [{ waitMs: DIALOG_MS, press: [String(place), 'Enter'] }];
  return [
    { waitMs: DIALOG_MS, press: ['Up', 'Tab'] },
    { waitMs: DIALOG_MS, enter: text },
  ];
};

export const codexDriver: AgentDriver = {
  plan,
  feed(profile, text) {
    const whole = special.test(text) ? `Message:\n${text}` : text;
    // An empty line more closes the list; the program drops it.
    return ok({ text: openEnd.test(whole) ? `${whole}\n` : whole, settleMs: profile.settleMs, confirmed: true });
  },
  controls: () => ({
    interrupt: ['Escape'],
    tellsInterrupt: true,
    ending: [
      { press: ['Escape'], waitMs: 500 },
      { enter: '/quit', waitMs: 2_500 },
      { signal: 'SIGTERM', waitMs: 3_000 },
    ],
  }),
  read: readScreen,
  opening: openingKeys,
  reply(_profile, { kind, choices }, decision, text) {
    if (kind === 'question') return decision === 'answer' ? answerSteps(choices, text ?? '') : null;
    if (decision === 'answer') return null;
    if (decision === 'allow') return [{ waitMs: DIALOG_MS, press: ['y'] }];
    // Its own no ends the turn; what a person wrote is the next thing it hears.
    const why = text?.trim() ?? '';
    return [
      { waitMs: DIALOG_MS, press: ['Escape'] },
      ...(why === '' ? [] : [{ waitMs: 2 * DIALOG_MS, enter: `Message:\n${why}`, closed: true as const }]),
    ];
  },
  explainExit: (_profile, exit) => explainExit('codex', exit),
  listening: {
    hear: hearHook,
    answer: answerHook,
    readLine: readRolloutLine,
    // Without a name: only the conversation itself is kept there, and what it started later.
    keptAt: (memory, _conversation, named) => ({ below: `${codexHome(memory)}/sessions`, endsWith: `${named ?? ''}.jsonl` }),
    nameIn: (path) => /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.jsonl$/u.exec(path)?.[1] ?? null,
  },
};
