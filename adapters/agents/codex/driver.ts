/** Codex, in its own terminal interface. */
import { ok } from '../../../src/errors.ts';
import type { AgentDriver, ReplyStep } from '../../../src/ports/agents.ts';
import { explainExit } from '../explain-exit.ts';
import { answerHook, hearHook } from './hear.ts';
import { accessSecrets, codexHome, lacks, ownCodexHome, plan } from './launch.ts';
import { menuChoices } from './menu.ts';
import { ownFiles } from './own.ts';
import { readRolloutLine } from './rollout.ts';
import { openingKeys, readScreen, showsQuestion } from './screen.ts';

/** At the beginning of a prompt these are commands, shell lines, files, skills; blanks before them may change nothing. */
const special = /^\s*[/!@$#&?-]/u;
/** A file or a skill as the very last word opens a list to choose from. */
const openEnd = /[@$]\S*$/u;

/** Between the parts of an answer. */
const PART_MS = 300;
const CLOSE_MS = 600;

/** The marked answer is "yes, once": then Enter, which at an empty prompt is nothing, should a person have been quicker. */
const yesIsMarked = /^› 1\. Yes, proceed/mu;

/** A choice by its number, which only marks it; other words as a note to the last choice, "None of the above". */
const answerSteps = (choices: readonly string[], text: string): readonly ReplyStep[] => {
  const place = /^[1-9]$/u.test(text.trim()) ? Number(text) : choices.indexOf(text) + 1;
  if (place > 0 && place < 10) return [{ waitMs: 0, press: [String(place), 'Enter'] }];
  return [
    { waitMs: 0, press: ['Up', 'Tab'] },
    { waitMs: PART_MS, enter: text },
  ];
};

/** Without a name: only the conversation itself is kept there, and what it started later. */
const keptIn = (home: string, named: string | null) => ({ below: `${home}/sessions`, endsWith: `${named ?? ''}.jsonl` });

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
  shows: showsQuestion,
  opening: openingKeys,
  ownFiles,
  // What is known of its hooks and screens was seen with it; older ones lack the hook that tells of interruptions.
  least: '0.169.0',
  lacks,
  accessSecrets,
  reply(_profile, { kind, choices, screen = '' }, decision, text) {
    // Other words than one of its choices are no answer there: their Enter would be one.
    if (kind === 'question' && menuChoices(screen) && !choices.includes(text ?? '')) return null;
    if (kind === 'question') return decision === 'answer' ? answerSteps(choices, text ?? '') : null;
    if (decision === 'answer') return null;
    if (decision === 'allow') return [{ waitMs: 0, press: [yesIsMarked.test(screen) ? 'Enter' : 'y'] }];
    // Its own no ends the turn; what a person wrote is the next thing it hears.
    const why = text?.trim() ?? '';
    return [
      { waitMs: 0, press: ['Escape'] },
      ...(why === '' ? [] : [{ waitMs: CLOSE_MS, enter: `Message:\n${why}`, closed: true as const }]),
    ];
  },
  explainExit: (_profile, exit) => explainExit('codex', exit),
  listening: {
    hear: hearHook,
    answer: answerHook,
    readLine: readRolloutLine,
    keptAt: (memory, _conversation, named) => keptIn(codexHome(memory), named),
    keptOwn: (_own, memory, _conversation, named) => keptIn(ownCodexHome(memory), named),
    nameIn: (path) => /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.jsonl$/u.exec(path)?.[1] ?? null,
  },
};
