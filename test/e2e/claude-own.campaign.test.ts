/** Claude Code with the person's own configuration: nothing of it is answered or changed for them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { LONG_MS } from '../contracts/agent-program/worlds.ts';
import { realClaude } from '../support/program-claude.ts';
import { programWorld } from '../support/program-world.ts';

test(
  'the question whether a folder is trusted waits for the person, is answered from the command line, and the task goes on',
  async () => {
    const person = mkdtempSync(join(tmpdir(), 'ccm-person-'));
    const theirs = { hasCompletedOnboarding: true, theme: 'light', customApiKeyResponses: { approved: ['0'.repeat(20)], rejected: [] } };
    writeFileSync(join(person, '.claude.json'), JSON.stringify(theirs));
    const config = (url: string) => realClaude.config(url).replace('env = {', `config = "own"\nenv = { HOME = "${person}",`);
    const w = await programWorld({ ...realClaude, config });
    onTestFinished(async () => {
      await w.end();
      rmSync(person, { recursive: true, force: true });
    }, 90_000);
    const task = await w.begin('hello from my own configuration');
    const question = await w.ask(task);
    expect(question).toMatchObject({ kind: 'question', choices: ['No, exit', 'Yes, I trust this folder'] });
    expect(question.text).toMatch(/a project you created or one you trust/u);
    expect((await w.task(task.id)).status).toBe('needsAnswer');
    expect((await w.live.ccm('answer', question.short, 'Yes, I trust this folder')).code).toBe(0);
    const over = await w.ended(task.id);
    expect(over).toMatchObject({ status: 'succeeded', result: { summary: 'echo: hello from my own configuration' } });
    // Where it keeps the conversation is theirs, and what they had set is as it was.
    expect(JSON.parse(readFileSync(join(person, '.claude.json'), 'utf8'))).toMatchObject({ theme: 'light' });
    expect((await w.live.ccm('send', task.id, 'and once more')).code).toBe(0);
    expect(await w.ended(task.id)).toMatchObject({ result: { summary: 'echo: and once more' } });
  },
  LONG_MS,
);
