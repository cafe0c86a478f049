/** What a command works with: where it runs, where its words go, and the daemon. */

import type { Meta } from '../api/contract/index.ts';
import type { Home } from '../config/home.ts';
import { type Api, connectApi } from './api.ts';
import type { Env } from './env.ts';
import { type Paint, paintFor, wantsColour } from './paint.ts';

/** Where text goes: a terminal, a file or a pipe. */
export type Out = {
  write(text: string): boolean;
  isTTY?: boolean;
  columns?: number;
  rows?: number;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
};

/** The process as the commands see it. */
export type World = {
  env: Env;
  cwd: string;
  platform: NodeJS.Platform;
  home: Home;
  /** A call, since touching process.stdin opens it. */
  stdin: () => NodeJS.ReadStream;
  stdout: Out;
  stderr: Out;
  /** Milliseconds since 1970. */
  now: () => number;
};

export type Cli = World & {
  json: boolean;
  /** For stdout. */
  paint: Paint;
  /** Cells of a line on stdout; 80 when it is no terminal. */
  columns: () => number;
  /** stdout is a terminal that a person reads, and that can be drawn on. */
  live: boolean;
  api: Api;
  /** A line for the person: stdout, or stderr when stdout carries JSON. */
  say: (line: string) => void;
  /** A line beside the result: always stderr. */
  note: (line: string) => void;
  /** The result: the envelope under --json, else the lines. */
  show(reply: { data: unknown; meta?: Meta }, lines: () => readonly string[]): void;
  /** One line of a stream under --json. */
  emit(data: unknown, meta?: Meta): void;
};

export const makeCli = (world: World, options: { json: boolean; colour: boolean }): Cli => {
  const { stdout, stderr } = world;
  const tty = stdout.isTTY === true;
  const out = (line: string): void => void stdout.write(`${line}\n`);
  const note = (line: string): void => void stderr.write(`${line}\n`);
  const emit = (data: unknown, meta: Meta = {}): void => out(JSON.stringify({ data, meta }));
  return {
    ...world,
    json: options.json,
    live: tty && !options.json && world.env.TERM !== 'dumb',
    paint: paintFor(wantsColour(world.env, tty, options.colour)),
    columns: () => stdout.columns || Number(world.env.COLUMNS) || 80,
    api: connectApi(world),
    say: options.json ? note : out,
    note,
    emit,
    show(reply, lines) {
      if (options.json) return emit(reply.data, reply.meta);
      for (const line of lines()) out(line);
    },
  };
};
