/** The daemon's own log: pino's JSON lines, made readable. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { CcmError } from '../errors.ts';
import { tailFile, tailStart } from '../lib/tail-file.ts';
import { localTime } from './age.ts';
import type { Cli } from './cli.ts';
import { exits } from './exit.ts';
import { oneLine } from './width.ts';

const LEVELS: Readonly<Record<number, string>> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };
/** Read from the end at most: a log may be large. */
const MOST = 4 * 1024 * 1024;

export const daemonLog = async (cli: Cli, { lines, follow }: { lines: number; follow: boolean }): Promise<number> => {
  const path = cli.home.daemonLog;
  const tell = (line: string): void => (cli.json ? emitLine(cli, line) : cli.say(readable(cli, line)));
  const end = lastLines(path, lines, tell);
  if (end === null && !follow)
    throw new CcmError('CCM_NOT_FOUND', `There is no ${path} yet.`, { next: 'The daemon writes it from its first start on: `ccm up`.' });
  if (!follow) return exits.ok;
  const ended = new AbortController();
  process.once('SIGINT', () => ended.abort());
  process.once('SIGTERM', () => ended.abort());
  for await (const batch of tailFile(path, { signal: ended.signal, from: end ?? tailStart }))
    for (const line of batch.lines) tell(line.text);
  return exits.ok;
};

/** Tells the last lines; where reading ended, or null when there is no file. */
const lastLines = (path: string, count: number, tell: (line: string) => void): { file: string; offset: number } | null => {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return null; // Not written yet, or not ours to read: told by the caller.
  }
  try {
    const { size, dev, ino } = fstatSync(file);
    const from = Math.max(0, size - MOST);
    const bytes = Buffer.alloc(size - from);
    const text = bytes.subarray(0, readSync(file, bytes, 0, bytes.length, from)).toString('utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    const lines = whole.split('\n').slice(0, -1);
    for (const line of lines.slice(-count)) tell(line);
    return { file: `${dev}:${ino}`, offset: from + Buffer.byteLength(whole) };
  } finally {
    closeSync(file);
  }
};

const parsed = (line: string): Record<string, unknown> | null => {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null; // Not pino's: a stack of Node itself, say.
  }
};

const emitLine = (cli: Cli, line: string): void => cli.emit(parsed(line) ?? { msg: line });

const readable = (cli: Cli, line: string): string => {
  const entry = parsed(line);
  if (!entry) return oneLine(line);
  const { time, level, msg, pid: _pid, hostname: _host, ...rest } = entry;
  const word = LEVELS[Number(level)] ?? 'info';
  const ink = Number(level) >= 50 ? cli.paint.red : Number(level) >= 40 ? cli.paint.yellow : cli.paint.dim;
  const facts = Object.entries(rest).map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return `${cli.paint.dim(localTime(Number(time)))} ${ink(word.padEnd(5))} ${oneLine([typeof msg === 'string' ? msg : '', ...facts].join(' '))}`;
};
