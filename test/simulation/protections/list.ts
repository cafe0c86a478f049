/** Shipped lines that protect, and the test that must notice when one is gone. Each `from` stands exactly once in its file. */
export type Protection = {
  what: string;
  /** Paths inside the tree. */
  file: string;
  from: string;
  to: string;
  test: string;
  /** Part of the test's name. */
  only?: string;
};

export const protections: readonly Protection[] = [
  {
    what: 'an heir waits for its turn',
    file: 'src/daemon.ts',
    from: '    await options.turn();',
    to: '',
    test: 'test/e2e/takeover.test.ts',
    only: 'twice',
  },
  {
    what: 'the sockets are inherited',
    file: 'src/cli/heir.ts',
    from: 'if (!channel.send || ',
    to: 'if (channel.send || ',
    test: 'test/cli/heir.test.ts',
  },
  {
    what: 'an heir that cannot run changes nothing',
    file: 'src/daemon/handover.ts',
    from: "    child.once('exit', (code, signal) => end(failed(",
    to: "    child.once('exit', (code, signal) => void (failed(",
    test: 'test/e2e/takeover.test.ts',
    only: 'changes nothing',
  },
  {
    what: 'takeover.json that others could write is refused',
    file: 'src/daemon/handover.ts',
    from: '|| (mode & 0o077) !== 0',
    to: '',
    test: 'test/e2e/takeover.test.ts',
    only: 'changes nothing',
  },
  {
    what: 'one that does not let go is named in time',
    file: 'src/cli/heir.ts',
    from: 'end(() => reject(stuck(before, patienceMs)))',
    to: 'end(resolve)',
    test: 'test/cli/heir.test.ts',
  },
  {
    what: 'no link is followed by what is held',
    file: 'src/lib/held-folder.ts',
    from: ' | constants.O_NOFOLLOW',
    to: '',
    test: 'test/attacks/symlink-races.test.ts',
  },
  {
    what: 'what is held is what is used',
    file: 'src/lib/held-folder.ts',
    from: '`/proc/self/fd/${handle.fd}`',
    to: 'path',
    test: 'test/attacks/symlink-races.test.ts',
  },
  {
    what: 'folders are made where they were judged to be',
    file: 'adapters/git/inside.ts',
    from: 'mkdir(parent.at(basename(folder)))',
    to: 'mkdir(folder)',
    test: 'test/attacks/symlink-races.test.ts',
  },
  {
    what: 'the place that is held is judged',
    file: 'adapters/git/inside.ts',
    from: 'real !== null && isInside(real, top)',
    to: 'real !== null',
    test: 'test/attacks/symlink-races.test.ts',
  },
  {
    what: 'who owns the vault’s folder',
    file: 'adapters/secrets/private-file.ts',
    from: 'const verdict = judged(folder, await held.stat());',
    to: 'const verdict = judged(folder, { mode: 0, uid: me() ?? 0 });',
    test: 'test/adapters/secrets/vault.test.ts',
  },
  {
    what: 'of one agent so many at once',
    file: 'src/api/http/limits.ts',
    from: 'if (count >= most) {',
    to: 'if (count < 0) {',
    test: 'test/attacks/flooding-agent.test.ts',
  },
  {
    what: 'of one agent so many a minute',
    file: 'src/api/http/limits.ts',
    from: 'limits.perToken : limits.perAgent',
    to: 'limits.perToken : limits.perToken',
    test: 'test/attacks/flooding-agent.test.ts',
  },
  {
    what: 'guesses are limited',
    file: 'src/api/http/limits.ts',
    from: 'principal === null ? limits.perAddress',
    to: 'principal === null ? 1e9',
    test: 'test/attacks/guessing.test.ts',
    only: 'answered alike',
  },
  {
    what: 'tokens are asked for by hash',
    file: 'src/api/auth/tokens.ts',
    from: 'tokens.byHash(tokenHash(secret))',
    to: 'tokens.byHash(secret)',
    test: 'test/attacks/guessing.test.ts',
    only: 'asked by hash',
  },
  {
    what: 'uninstall asks',
    file: 'src/cli/commands/uninstall.ts',
    from: 'data || (await askForData(cli, found))',
    to: 'true',
    test: 'test/cli/uninstall.test.ts',
  },
  {
    what: 'uninstall takes nothing without --yes',
    file: 'src/cli/commands/uninstall.ts',
    from: "if (!input.flag('yes') || input.flag('dry-run')) {",
    to: "if (input.flag('dry-run')) {",
    test: 'test/cli/uninstall.test.ts',
    only: 'without --yes',
  },
  {
    what: 'no answer is no yes',
    file: 'src/cli/ask.ts',
    from: "reject(usageError('Nothing was answered.'));\n    };",
    to: "resolve('y');\n    };",
    test: 'test/cli/uninstall.test.ts',
    only: 'no answer',
  },
  {
    what: 'the Host is judged',
    file: 'src/api/auth/gate.ts',
    from: "    if ('refuse' in verdict) throw new CcmError(verdict.refuse.code, verdict.refuse.detail);\n",
    to: '',
    test: 'test/api/law-13-nobody-gets-in.test.ts',
  },
  {
    what: 'a token is asked for',
    file: 'src/api/auth/gate.ts',
    from: '    if (refusal) throw new CcmError(refusal.code, refusal.detail);\n',
    to: '',
    test: 'test/api/law-13-nobody-gets-in.test.ts',
  },
  {
    what: 'an agent’s token decides nothing',
    file: 'src/api/auth/own-window.ts',
    from: '    if (agent === null) return;\n',
    to: '    if (agent !== undefined) return;\n',
    test: 'test/attacks/from-a-window.test.ts',
  },
];
