/** Says in words how a program ended. */
import { constants } from 'node:os';
import type { Exit } from '../../machines/events.ts';

const nameOf = (signal: number): string => Object.entries(constants.signals).find(([, n]) => n === signal)?.[0] ?? `signal ${signal}`;

export const explainExit = (program: string, { code, signal }: Exit): string => {
  if (signal !== null) return `${program} was ended by ${nameOf(signal)}`;
  if (code === null) return `${program} ended, and nobody saw how`;
  if (code === 0) return `${program} ended by itself`;
  if (code === 126) return `${program} could not be executed (exit code 126)`;
  if (code === 127) return `${program} or something it needs was not found (exit code 127)`;
  return `${program} ended with exit code ${code}`;
};
