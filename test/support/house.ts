/** A runtime on a real store with a clock, ids and chance of the test's own; can be closed and opened again on the same file. */
import type { HandlerResult } from '../../machines/effects.ts';
import type { MachineKind } from '../../machines/kind.ts';
import type { Store } from '../../src/ports/store.ts';
import type { Log } from '../../src/ports/system.ts';
import { type BootReport, createRuntime, type HandlerTable, type Runtime, type RuntimeOptions } from '../../src/runtime/index.ts';
import { type FakeClock, fakeClock } from './fake-clock.ts';
import { seededIds, seededRandom } from './seeded.ts';
import { type TempStore, tempStore } from './temp-store.ts';
import { tinyEffects, tinyKinds } from './tiny-kinds.ts';

export type Call = { name: string; params: Record<string, unknown>; effectId: string; attempt: number };
export type LogLine = { level: string; message: string; fields: Record<string, unknown> };

export const memoryLog = (): Log & { lines: LogLine[] } => {
  const lines: LogLine[] = [];
  const at = (level: string) => (fields: Record<string, unknown>, message: string) => void lines.push({ level, message, fields });
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
};

/** Handlers that note each call and answer with `answer`, or with nothing to say. */
export const notingHandlers = (
  calls: Call[],
  answer: (call: Call) => Promise<HandlerResult> | HandlerResult = () => ({ outcomes: [] }),
): HandlerTable => {
  const handler = (name: string) => async (params: never, meta: { effectId: string; attempt: number }) => {
    const call: Call = { name, params, effectId: meta.effectId, attempt: meta.attempt };
    calls.push(call);
    return answer(call);
  };
  return Object.fromEntries(Object.keys(tinyEffects).map((name) => [name, handler(name)]));
};

export type House = {
  runtime: Runtime;
  store: Store;
  clock: FakeClock;
  log: ReturnType<typeof memoryLog>;
  calls: Call[];
  fatal: Error[];
  report: BootReport;
  temp: TempStore;
  /** Ends the process as a power cut would: nothing is told, nothing is written. */
  crash(): void;
  crashed: boolean;
};
export type HouseOptions = Partial<Omit<RuntimeOptions, 'kinds' | 'store'>> & {
  kinds?: Record<string, MachineKind>;
  temp?: TempStore;
  fake?: FakeClock;
  seed?: number;
  handlers?: (calls: Call[]) => HandlerTable;
  wrap?: (store: Store) => Store;
  drain?: (runtime: Runtime) => Promise<void>;
};

export const openHouse = async (options: HouseOptions = {}): Promise<House> => {
  const temp = options.temp ?? tempStore();
  const clock = options.fake ?? fakeClock();
  const sqlite = temp.open();
  const store = options.wrap?.(sqlite) ?? sqlite;
  const log = memoryLog();
  const calls: Call[] = [];
  const fatal: Error[] = [];
  const { seed = 1 } = options;
  const runtime = createRuntime({
    ...options,
    kinds: options.kinds ?? tinyKinds,
    store,
    clock,
    ids: options.ids ?? seededIds(seed + clock.now()),
    random: options.random ?? seededRandom(seed),
    log,
    effects: options.effects ?? tinyEffects,
    onFatal: options.onFatal ?? ((error) => void fatal.push(error)),
  });
  const { drain } = options;
  const report = await runtime.boot(options.handlers?.(calls) ?? notingHandlers(calls), drain ? { drain: () => drain(runtime) } : {});
  const house: House = {
    runtime,
    store,
    clock,
    log,
    calls,
    fatal,
    report,
    temp,
    crashed: false,
    crash: () => {
      house.crashed = true;
      sqlite.close();
    },
  };
  return house;
};
