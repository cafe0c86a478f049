/** What people read of tasks. */
import { describe, expect, it } from 'vitest';
import { say } from './say.ts';

describe('of tasks, people read', () => {
  it('ls', async () =>
    expect(await say(['ls'])).toMatchInlineSnapshot(`
    "
    ID     STATUS            TITLE                   PROJECT  AGENT   AGE
    0p6sc  ! needs approval  Drop the old carts      shop     claude   1m
    0m6sc  ● working         Fix the login redirect  shop     claude   5m
    1 needs approval · 1 working
    [exit 0]
    "
  `));
  it('ls --all', async () =>
    expect(await say(['ls', '--all'])).toMatchInlineSnapshot(`
    "
    ID     STATUS            TITLE                   PROJECT  AGENT   AGE
    0p6sc  ! needs approval  Drop the old carts      shop     claude   1m
    0m6sc  ● working         Fix the login redirect  shop     claude   5m
    0r6sc  ✓ succeeded       Keep the query string   shop     claude  10s
    1 needs approval · 1 working · 1 succeeded
    [exit 0]
    "
  `));
  it('ls --status', async () =>
    expect(await say(['ls', '--status', 'paused'])).toMatchInlineSnapshot(`
      "
      No task is like that.
      [exit 0]
      "
    `));
  it('show', async () =>
    expect(await say(['show', 'Keep the'])).toMatchInlineSnapshot(`
    "
    0r6sc  ✓ succeeded  Keep the query string
    project   shop
    agent     claude
    prompt    Fix the login redirect It loses the query string.
    created   2026-03-04 12:00:00 (5m)
    started   2026-03-04 12:00:00 (5m)
    ended     2026-03-04 12:04:50 (10s)
    result    exit 0 · 2m 03s · 2 files +40 −2
    summary   The query string is kept now.
    branch    ccm-c1b2c/keep-the-query-string
    possible  retry
    id        0195a000-0000-7000-8000-0000000c1b2c
      │ ok 12 tests
      │ done
    [exit 0]
    "
  `));
  it('show of an agent', async () =>
    expect(await say(['show', '0195a000-0000-7000-8000-0000000a9999'])).toMatchInlineSnapshot(`
    "
    0n6cs  ● busy  agent of 0m6sc
    task      Fix the login redirect
    profile   claude
    process   alive, pid 4711, start 1
    talking   busy for 5m
    attempt   1
    pane      %3
    possible  stop, kill, interrupt
    id        0195a000-0000-7000-8000-0000000a9999
    [exit 0]
    "
  `));
  it('why', async () =>
    expect(await say(['why', 'Fix the'])).toMatchInlineSnapshot(`
      "
      0m6sc  ● working  for 5m
      The agent says that it is working on it.

      SEEN  BY      TRUST  AGE  DETAIL
      busy  report    5/5   4s  ccm report busy

      Last step 3, 4m ago: AGENT_STATE by actor 0n6cs
        task.starting → task.running.working
      Timer stall: in 10m 00s
      [exit 0]
      "
    `));
  it('inbox', async () =>
    expect(await say(['inbox'])).toMatchInlineSnapshot(`
    "
    0t6sc  ! approval  0p6sc Drop the old carts · shop  5m
           Bash: Delete the table old_carts?
           ccm approve 0t6sc · ccm deny 0t6sc
    0w6sc  ! question  0p6sc Drop the old carts · shop  5m
           Which table?
           Choices: "carts", "old_carts"
           ccm answer 0w6sc "…"
    [exit 0]
    "
  `));
  it('approve by task is refused when it asks two things', async () =>
    expect(await say(['approve', 'Drop the'])).toMatchInlineSnapshot(`
      "
      [stderr]
      The task 0p6sc asks 2 things.
        0t6sc Delete the table old_carts?
        0w6sc Which table?
      → Give the id of the one you mean.
      [exit 2]
      "
    `));
  it('answer', async () =>
    expect(await say(({ question }) => ['answer', question, 'carts'])).toMatchInlineSnapshot(`
      "
      0w6sc  ✓ answered  Which table?
      [exit 0]
      "
    `));
  it('new', async () =>
    expect(await say(['new', 'shop', 'Write a test'])).toMatchInlineSnapshot(`
    "
    00001  ○ queued  Write a test
      project  shop
      agent    claude
    Follow it with \`ccm ls -w\`, \`ccm show 00001\` or \`ccm attach 00001\`.
    [exit 0]
    "
  `));
  it('new for an unknown project', async () =>
    expect(await say(['new', 'fix', 'it'])).toMatchInlineSnapshot(`
      "
      [stderr]
      There is no project fix.
      → \`ccm project ls\` lists projects. Put a prompt of several words in quotes.
      [exit 3]
      "
    `));
  it('stop', async () =>
    expect(await say(['stop', 'Fix the'])).toMatchInlineSnapshot(`
    "
    0m6sc  ■ cancelled  Fix the login redirect
    [exit 0]
    "
  `));
  it('stop of several', async () =>
    expect(await say(['stop', '--all'])).toMatchInlineSnapshot(`
    "
    ID     WOULD BECOME  CONSEQUENCE
    0p6sc  ■ cancelled   The task would be cancelled.
    0m6sc  ■ cancelled   The task would be cancelled.
    Nothing was done. Add --yes to stop these 2.
    [exit 0]
    "
  `));
  it('stop in a state that has no stop', async () =>
    expect(await say(['stop', 'Keep the'])).toMatchInlineSnapshot(`
    "
    [stderr]
    0r6sc is succeeded: stop is not possible now.
    Possible now: retry.
    → Try something else.
    [exit 6]
    "
  `));
  it('stop --dry-run', async () =>
    expect(await say(['stop', 'Fix the', '--dry-run'])).toMatchInlineSnapshot(`
    "
    The task would be cancelled.
      becomes  ■ cancelled
      effects  agent.stop
    Nothing was done.
    [exit 0]
    "
  `));
  it('replay', async () =>
    expect(await say(['replay', 'Fix the'])).toMatchInlineSnapshot(`
      "
      STEP  TIME      EVENT        BY           STATUS      STATE
         1  12:00:00  CREATED      cli          ○ queued    queued
         2  12:00:01  GRANTED      timer        ◐ starting  starting
         3  12:00:02  AGENT_STATE  actor 0n6cs  ● working   running.working
      --at STEP shows what one step changed, --step walks through them.
      [exit 0]
      "
    `));
  it('replay --at', async () =>
    expect(await say(['replay', 'Fix the', '--at', '3'])).toMatchInlineSnapshot(`
      "
      step    3 of task, 2026-03-04 12:00:02
      event   AGENT_STATE
      by      actor 0n6cs
      from    starting
      to      running.working
      status  ● working
      taken   task.starting → task.running.working
      changed
        - attempt: 2
        + attempt: 3
        + title: "Fix the login redirect"
      [exit 0]
      "
    `));
  it('inspect', async () =>
    expect(await say(['inspect', 'Fix the'])).toMatchInlineSnapshot(`
    "
    kind      task, machine version 1, step 3
    title     Fix the login redirect
    status    ● working
    possible  stop, kill, pause, interrupt
    id        0195a000-0000-7000-8000-0000000a1b2c

    state
      running
        working
    context
      "title": "Fix the login redirect",
      "attempt": 1
    [exit 0]
    "
  `));
  it('inspect --at', async () =>
    expect(await say(['inspect', 'Fix the', '--at', '2'])).toMatchInlineSnapshot(`
    "
    kind    task, machine version 1, step 2 (2026-03-04 12:00:01)
    status  ◐ starting
    event   GRANTED by timer
    id      0195a000-0000-7000-8000-0000000a1b2c

    state
      starting
    context
      "attempt": 2,
      "title": "Fix the login redirect"
    [exit 0]
    "
  `));
  it('send', async () =>
    expect(await say(['send', 'Fix the', 'Also the empty cart'])).toMatchInlineSnapshot(`
      "
      00001  ○ queued  Also the empty cart
      [exit 0]
      "
    `));
});
