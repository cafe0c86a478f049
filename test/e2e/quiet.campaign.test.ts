/** The real programs, and whom they talk to. */
import { quietContract } from '../contracts/agent-program/quiet.ts';
import { realClaude } from '../support/program-claude.ts';
import { realCodex } from '../support/program-codex.ts';
import { realGemini } from '../support/program-gemini.ts';

quietContract('Claude Code', realClaude);
quietContract('Gemini CLI', realGemini);
// The text of an announcement, at every start.
quietContract('Codex', realCodex, ['raw.githubusercontent.com:443']);
