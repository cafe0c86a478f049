/** Reads config.toml of the home a daemon was started for, again and again. */
import { homedir } from 'node:os';
import { resolveHome } from '../config/home.ts';
import { type Config, loadConfig } from '../config.ts';
import type { Result } from '../errors.ts';

/** `demoCommand`: program and arguments of the shipped scripted agent. */
export const configOfHome = (root: string, demoCommand: readonly string[]): (() => Result<Config>) => {
  const around = { platform: process.platform, userHome: homedir(), cwd: process.cwd() };
  // A home where the system puts it has its config.toml elsewhere; one that was named holds everything.
  const usual = resolveHome({ env: process.env, ...around });
  const env = usual.ok && usual.value.root === root ? process.env : { ...process.env, CCM_HOME: root };
  return () => loadConfig({ env, ...around, demoCommand });
};
