/** One question that tells everything about our panes, and how its answer is read. */
import type { PaneExit } from '../../src/ports/terminal.ts';

/** A pane that carries our key, as tmux reports it. */
export type PaneRow = {
  window: string;
  pane: string;
  pid: number;
  dead: boolean;
  exit: PaneExit;
  /** Sessions that show its window. */
  sessions: Set<string>;
  /** Empty for panes that are not ours (a person's, the keeper). */
  key: string;
  title: string;
  /** The session it was launched into. */
  home: string;
  /** Start of the process, as we noted it; empty when we had no time to. */
  start: string;
};

const fields = [
  'session_name',
  'window_id',
  'pane_id',
  'pane_pid',
  'pane_dead',
  'pane_dead_status',
  'pane_dead_signal',
  '@ccm_key',
  '@ccm_title',
  '@ccm_session',
  '@ccm_start',
] as const;

/** Free text is stored encoded: tmux escapes some characters of what it prints, differently from version to version. */
export const encodeText = (text: string): string => Buffer.from(text, 'utf8').toString('base64url');
const decodeText = (text: string): string => Buffer.from(text, 'base64url').toString('utf8');

/** No field can hold a blank but the session's name of somebody else's session, hence it comes last in the line. */
export const listCommand = `list-panes -a -F '${[...fields.slice(1), fields[0]].map((name) => `#{${name}}`).join(' ')}'`;

const numberOrNull = (text: string | undefined): number | null => (text === undefined || text === '' ? null : Number(text));

/** Rows by pane id; a window linked into several sessions is listed once for each. */
export const readRows = (lines: readonly Buffer[]): Map<string, PaneRow> => {
  const rows = new Map<string, PaneRow>();
  for (const line of lines) {
    const [window = '', pane = '', pid, dead, status, signal, key = '', title = '', home = '', start = '', ...session] = line
      .toString('utf8')
      .split(' ');
    const row = rows.get(pane) ?? {
      window,
      pane,
      pid: Number(pid),
      dead: dead === '1',
      exit: { code: numberOrNull(status), signal: numberOrNull(signal) },
      sessions: new Set(),
      key: decodeText(key),
      title: decodeText(title),
      home,
      start,
    };
    row.sessions.add(session.join(' '));
    rows.set(pane, row);
  }
  return rows;
};
