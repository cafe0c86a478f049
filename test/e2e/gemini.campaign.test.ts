/** The real Gemini CLI in its own interface, against a stub of its model API: nothing leaves this machine. */
import { expect, onTestFinished, test } from 'vitest';
import { agentProgramContract } from '../contracts/agent-program/suite.ts';
import { LONG_MS } from '../contracts/agent-program/worlds.ts';
import { realGemini } from '../support/program-gemini.ts';
import { programWorld } from '../support/program-world.ts';

agentProgramContract('Gemini CLI', realGemini);

test(
  'Gemini CLI asks about the agents of a trusted checkout: a person answers with its own choices, and no other words are a yes',
  async () => {
    const agent = '---\nname: helper\ndescription: helps with things\n---\nYou help.\n';
    const w = await programWorld({ ...realGemini, files: { ...realGemini.files, '.gemini/agents/helper.md': agent } });
    w.testBegins();
    onTestFinished(async ({ task }) => {
      if (task.result?.state === 'fail') console.error(await w.account());
      await w.end();
    }, 90_000);
    const task = await w.begin('hello with agents');
    const asked = await w.ask(task);
    expect(asked).toMatchObject({
      kind: 'question',
      text: expect.stringMatching(/^New Agents Discovered\n/u),
      choices: ['Acknowledge and Enable', 'Do not enable (Ask again next time)'],
    });
    await w.live.ccm('answer', asked.short, 'yes, all of them');
    const again = await w.askAfter(task, asked.short);
    expect(again).toMatchObject({ kind: 'question', choices: asked.choices });
    expect((await w.live.ccm('answer', again.short, 'Acknowledge and Enable')).code).toBe(0);
    expect(await w.ended(task.id)).toMatchObject({ status: 'succeeded', result: { summary: 'echo: hello with agents' } });
    expect(w.stub.told()).toContain('helps with things');
  },
  LONG_MS,
);
