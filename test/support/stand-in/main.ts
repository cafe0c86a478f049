/** Starts the stand-in as Claude Code is started: `--session-id ID | --resume ID`, `--settings FILE`; every other option is taken and changes nothing. */
import { join } from 'node:path';
import { conversationFile } from './conversation-file.ts';
import { hookCaller } from './hooks.ts';
import { keyReader } from './keys.ts';
import { standIn } from './program.ts';
import { enterScreen, leaveScreen } from './screen.ts';
import { createStage } from './stage.ts';
import { endTools } from './tools.ts';

const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(name);
  return at === -1 ? undefined : process.argv[at + 1];
};
if (process.argv.includes('--version')) {
  console.log('2.1.330 (stand-in)');
  process.exit(0);
}
const resumed = option('--resume');
const session = resumed ?? option('--session-id') ?? '';
const file = conversationFile(process.env['CLAUDE_CONFIG_DIR'] ?? join(process.env['HOME'] ?? '', '.claude'), session);
if (resumed === undefined ? file.exists() : !file.exists()) {
  console.error(resumed === undefined ? `Session ID ${session} is already in use.` : `No conversation found with session ID: ${session}`);
  process.exit(1);
}

const hooks = hookCaller(option('--settings'), {
  session_id: session,
  transcript_path: file.path,
  cwd: process.cwd(),
  permission_mode: 'default',
});
const stage = createStage();
let leaving = false;
const leave = (reason: string, code: number): void => {
  if (leaving) return;
  leaving = true;
  endTools();
  void hooks.call('SessionEnd', { reason }).then(() => {
    leaveScreen();
    process.exit(code);
  });
};
process.on('SIGTERM', () => leave('other', 143));
process.on('SIGHUP', () => leave('other', 129));
process.on('SIGWINCH', stage.redraw);

const program = standIn({ hooks, file, stage, notes: process.env['STAND_IN_NOTES'] }, leave);
enterScreen();
process.stdin.setRawMode(true);
process.stdin.on(
  'data',
  keyReader((input) => program.take(input)),
);
// Before its box is drawn it has said that it begins.
await hooks.call('SessionStart', { source: resumed === undefined ? 'startup' : 'resume', model: 'stand-in' });
stage.redraw();
