/** What people read of everything but tasks. */
import { describe, expect, it } from 'vitest';
import { say } from './say.ts';

describe('of the rest, people read', () => {
  it('status', async () =>
    expect(await say(['status'])).toMatchInlineSnapshot(`
    "
    daemon  0.1.0 on http://127.0.0.1:8765, pid 4711, up 5m 00s, node 24.21.0
    home    /home/me/.ccm
    tmux    3.3a
    tasks   2 working · 1 queued
    agents  2 busy (at most 4 at once)
    inbox   1 waiting for you: ccm inbox
    sync    local only
    [exit 0]
    "
  `));
  it('agents', async () =>
    expect(await say(['agents'])).toMatchInlineSnapshot(`
      "
      NAME    KIND    STATE  MODE         COMMAND
      claude  claude  there  interactive  claude

      A task that names no agent gets claude.
      [agents.NAME] in config.toml adds others; \`ccm config check\` says where it is.
      [exit 0]
      "
    `));
  it('project ls', async () =>
    expect(await say(['project', 'ls'])).toMatchInlineSnapshot(`
      "
      NAME  KIND  BRANCH  AGENT   TRUSTED  FOLDER
      shop  git   main    claude  no       /home/me/code/shop
      [exit 0]
      "
    `));
  it('project trust and untrust', async () => {
    expect(await say(['project', 'trust', 'shop'])).toMatchInlineSnapshot(`
      "
      shop is trusted, from the next start of an agent on.
      Agents take what /home/me/code/shop brings for them: hooks, tool (MCP) servers,
      settings with the permissions, variables and model addresses they give, and
      commands, skills and subagents. Hooks and servers run as you, without being
      asked about.
      \`ccm project untrust shop\` takes it back.
      [exit 0]
      "
    `);
    expect(await say(['project', 'untrust', 'shop'])).toMatchInlineSnapshot(`
      "
      shop is not trusted, from the next start of an agent on.
      What /home/me/code/shop brings for agents is ignored, as far as each program can
      be told so: hooks, tool (MCP) servers, settings with the permissions, variables
      and model addresses they give, and commands, skills and subagents.
      [exit 0]
      "
    `);
    expect(await say(['project', 'trust', 'shop', '--dry-run'])).toMatchInlineSnapshot(`
      "
      From the next start of an agent on. Agents take what /home/me/code/shop brings
      for them: hooks, tool (MCP) servers, settings with the permissions, variables
      and model addresses they give, and commands, skills and subagents. Hooks and
      servers run as you, without being asked about.
      Nothing was done.
      [exit 0]
      "
    `);
  });
  it('token ls', async () =>
    expect(await say(['token', 'ls'])).toMatchInlineSnapshot(`
    "
    NAME     SCOPES  MADE   USED  EXPIRES  ID
    grafana  read      5m  never  never    t-1
    [exit 0]
    "
  `));
  it('token add', async () =>
    expect(await say(['token', 'add', 'ci'])).toMatchInlineSnapshot(`
    "
    ccm_secret
    [stderr]
    Token ci (read). Keep it: it is shown this one time.
    [exit 0]
    "
  `));
  it('merge', async () =>
    expect(await say(['merge', 'Keep the'])).toMatchInlineSnapshot(`
    "
    Merged into main as c0ffee00c0ff.
    [exit 0]
    "
  `));
  it('diff', async () =>
    expect(await say(['diff', 'Keep the'])).toMatchInlineSnapshot(`
    "
    diff --git a/cart.ts b/cart.ts
    --- a/cart.ts
    +++ b/cart.ts
    @@ -1 +1,2 @@
    -old
    +new
    +more
    [exit 0]
    "
  `));
  it('diff --stat', async () =>
    expect(await say(['diff', 'Keep the', '--stat'])).toMatchInlineSnapshot(`
    "
    1 file +2 −1
    [exit 0]
    "
  `));
  it('panic', async () =>
    expect(await say(['panic'])).toMatchInlineSnapshot(`
    "
    Ended 2 tasks.
    Killed 3 processes of agents.
    ✓ No process of an agent is left.
    \`ccm ls --all\` shows them; \`ccm retry\` begins again.
    [exit 0]
    "
  `));
  it('outbox', async () =>
    expect(await say(['outbox'])).toMatchInlineSnapshot(`
    "
    Nothing is due, nothing was put aside.
    [exit 0]
    "
  `));
  it('verify', async () =>
    expect(await say(['verify'])).toMatchInlineSnapshot(`
    "
    ✓ 42 steps checked, all in order.
    [exit 0]
    "
  `));
  it('open', async () =>
    expect(await say(['open'])).toMatchInlineSnapshot(`
    "
    http://127.0.0.1:8765/#k=k_once
    [exit 0]
    "
  `));
  it('up beside a running daemon', async () =>
    expect((await say(['up'])).replace(/process \d+/, 'process 4711')).toMatchInlineSnapshot(`
    "
    The daemon runs already (process 4711).
    Open it: http://127.0.0.1:8765/#k=k_once
    [exit 0]
    "
  `));
  it('attach without a terminal', async () =>
    expect(await say(['attach', 'Fix the'])).toMatchInlineSnapshot(`
    "
    [stderr]
    attach needs a terminal on both sides.
    → Run it in a terminal, or use --print for the tmux command.
    [exit 2]
    "
  `));
  it('attach --print', async () =>
    expect(await say(['attach', 'Fix the', '--print'])).toMatchInlineSnapshot(`
    "
    printf 'attached to %s\\n' 0m6sc
    [exit 0]
    "
  `));
});
