/** The kinds of agent programs we can drive, and the wrapper they are started through. */
import type { AgentDrivers } from '../../src/ports/agents.ts';
import { claudeDriver } from './claude/driver.ts';
import { codexDriver } from './codex/driver.ts';
import { customDriver } from './custom/driver.ts';
import { demoDriver } from './demo/driver.ts';
import { geminiDriver } from './gemini/driver.ts';

export { demoCommand } from './demo/driver.ts';
export { exitWrapper } from './exit-wrapper.ts';

export const agentDrivers = (): AgentDrivers => ({
  claude: claudeDriver,
  codex: codexDriver,
  custom: customDriver,
  demo: demoDriver,
  gemini: geminiDriver,
});
