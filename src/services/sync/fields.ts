/** Reading what the hub gave: every value may be anything, so each is taken only as what it has to be. */
import { z } from 'zod';
import type { Command } from '../../api/contract/common.ts';
import { command } from '../../api/contract/common.ts';

export const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
export const numberOf = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);
/** Times and counts. */
export const intOf = (value: unknown): number | null => (Number.isSafeInteger(value) ? Number(value) : null);
export const fieldOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
export const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []);

const commands = z.array(command).max(40);
export const commandsTold = (value: unknown): Command[] => commands.safeParse(value).data ?? [];
