/** The real programs in a checkout that means them no good. */
import { hostileCheckoutContract } from '../contracts/agent-program/hostile.ts';
import { hostileClaude, hostileCodex, hostileGemini } from '../support/hostile-checkout.ts';
import { realClaude } from '../support/program-claude.ts';
import { realCodex } from '../support/program-codex.ts';
import { realGemini } from '../support/program-gemini.ts';

hostileCheckoutContract('Claude Code', realClaude, hostileClaude);
hostileCheckoutContract('Gemini CLI', realGemini, hostileGemini);
hostileCheckoutContract('Codex', realCodex, hostileCodex);
