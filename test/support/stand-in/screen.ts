/** What is drawn: the conversation, and below it the box or a dialog, in the forms that the real program was seen to draw. */

export type Dialog =
  | { kind: 'approval'; title: string; body: string }
  | { kind: 'question'; question: string; choices: readonly string[]; typed: string | null }
  | { kind: 'menu'; question: string; choices: readonly string[]; marked: number };

export type Face = {
  said: string[];
  box: string;
  busy: boolean;
  dialog: Dialog | null;
  title: string;
};

/** More lines of a paste are not shown. */
const SHOWN = 6;
const width = (): number => Math.min(100, process.stdout.columns || 80);
const rule = (): string => '─'.repeat(width());

const dialogLines = (dialog: Dialog): string[] => {
  if (dialog.kind === 'menu')
    return [
      ` ${dialog.question}`,
      '',
      ...dialog.choices.map((choice, index) => ` ${index === dialog.marked ? '❯' : ' '} ${choice}`),
      '',
      ' Enter to confirm · Esc to cancel',
    ];
  if (dialog.kind === 'approval')
    return [
      rule(),
      ` ${dialog.title}`,
      ...dialog.body
        .split('\n')
        .slice(0, SHOWN)
        .map((line) => ` ${line}`),
      ' Do you want to proceed?',
      ' ❯ 1. Yes',
      '   2. Yes, and switch to auto mode · auto mode handles these prompts for you',
      '   3. No',
      '',
      ' Esc to cancel · Tab to amend',
    ];
  const { question, choices, typed } = dialog;
  return [
    rule(),
    ' ☐ Choice',
    question,
    ...choices.map((choice, index) => `${index === 0 ? '❯' : ' '} ${index + 1}. ${choice}`),
    `  ${choices.length + 1}. ${typed ?? 'Type something.'}`,
    rule(),
    'Enter to select · ↑/↓ to navigate · Esc to cancel',
  ];
};

const boxLines = ({ box, busy }: Face): string[] => {
  const lines = box.split('\n');
  const shown = lines.length > SHOWN ? [...lines.slice(0, SHOWN), `[Pasted text +${lines.length - SHOWN} lines]`] : lines;
  return [
    rule(),
    ...shown.map((line, index) => `${index === 0 ? '❯' : ' '} ${line}`),
    rule(),
    `  ⏸ manual mode on · ${busy ? 'esc to interrupt' : '? for shortcuts'}`,
  ];
};

export const draw = (face: Face): void => {
  const rows = process.stdout.rows || 24;
  const foot = face.dialog ? dialogLines(face.dialog) : [...(face.busy ? ['✽ Scampering… (0s · ↓ 1 tokens)', ''] : []), ...boxLines(face)];
  const above = Math.max(0, rows - foot.length - 1);
  const said = face.said.flatMap((text) => text.split('\n')).slice(-above);
  const lines = [...(above > 0 ? said : []), '', ...foot].map((line) => `${line.slice(0, width())}\x1b[K`);
  process.stdout.write(`\x1b]2;${face.title}\x07\x1b[H${lines.join('\r\n')}\x1b[J`);
};

export const enterScreen = (): void => void process.stdout.write('\x1b[?1049h\x1b[?2004h');
export const leaveScreen = (): void => void process.stdout.write('\x1b[?2004l\x1b[?1049l');
