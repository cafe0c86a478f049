/** A link put in the place of a folder between the look and the deed: nothing outside is read, written, changed in its mode or deleted. */
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { deleteStubbornFolder } from '../../adapters/git/delete-folder.ts';
import { holdInside, makeInside } from '../../adapters/git/inside.ts';
import { inPrivateFolder } from '../../adapters/secrets/private-file.ts';
import { ok } from '../../src/errors.ts';
import { atomicWrite } from '../../src/lib/atomic-write.ts';
import { holdFolder } from '../../src/lib/held-folder.ts';
import { atEveryMoment, startSwapper } from '../support/swapper.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** What is not ours to touch: files, and a folder whose mode would be mended if it were. */
const makeOutside = (folder: string): { folder: string; touched: () => string[] } => {
  const deep = join(folder, 'deep');
  mkdirSync(deep, { recursive: true });
  for (let i = 0; i < 20; i += 1) writeFileSync(join(deep, `f${i}`), 'mine');
  writeFileSync(join(folder, 'sentinel'), 'mine');
  chmodSync(deep, 0o711);
  chmodSync(folder, 0o711);
  const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
  return {
    folder,
    touched: () => {
      const found = [
        ...readdirSync(folder)
          .filter((name) => !['deep', 'sentinel'].includes(name))
          .map((name) => `new: ${name}`),
        ...(existsSync(join(folder, 'sentinel')) ? [] : ['the sentinel is gone']),
      ];
      const left = existsSync(deep) ? readdirSync(deep).length : 0;
      if (left !== 20) found.push(`${20 - left} files are gone`);
      if (mode(folder) !== '711') found.push(`mode ${mode(folder)}`);
      if (existsSync(deep) && mode(deep) !== '711') found.push(`mode ${mode(deep)} of deep`);
      return found;
    },
  };
};

/** Of the same names as those outside. */
const fill = (folder: string, files: number): void => {
  mkdirSync(join(folder, 'deep'), { recursive: true });
  for (let i = 0; i < files; i += 1) writeFileSync(join(folder, 'deep', `f${i}`), '');
};

const write = (folder: string) => inPrivateFolder(folder, (held) => atomicWrite(held.at('vault.json'), 'secret'));

describe.runIf(process.platform === 'linux')('a folder is exchanged for a link at every moment there is', () => {
  const many = async (make: (place: string) => string, work: (name: string) => Promise<unknown>, mode = 0o711): Promise<number> => {
    const place = await tempFolder();
    const outside = makeOutside(join(place, 'outside'));
    let round = 0;
    return atEveryMoment(
      () => {
        round += 1;
        mkdirSync(join(place, `r${round}`));
        chmodSync(outside.folder, mode);
        return { name: make(join(place, `r${round}`)), goal: outside.folder };
      },
      work,
      (moment) => {
        if (mode !== 0o711) chmodSync(outside.folder, 0o711);
        expect(outside.touched(), `before call ${moment}`).toEqual([]);
      },
    );
  };

  test('deleting deletes nothing and changes no mode where the link leads', async () => {
    const make = (place: string) => {
      fill(join(place, 'tree/a'), 3);
      return join(place, 'tree/a');
    };
    expect(await many(make, (name) => deleteStubbornFolder(dirname(name)))).toBeGreaterThan(10);
  }, 60_000);

  test('what is made inside a worktree is made inside it', async () => {
    const make = (place: string) => {
      mkdirSync(join(place, 'top/a'), { recursive: true });
      return join(place, 'top/a');
    };
    expect(await many(make, (name) => makeInside(join(name, 'b', 'c'), dirname(name)))).toBeGreaterThan(8);
  }, 60_000);

  test('a secret is written into the folder that was judged, or not at all', async () => {
    const make = (place: string) => {
      mkdirSync(join(place, 'secrets'), { mode: 0o700 });
      return join(place, 'secrets');
    };
    expect(await many(make, write, 0o700)).toBeGreaterThan(8);
  }, 60_000);
});

test.runIf(process.platform === 'linux')(
  'a process that exchanges them without a pause gets nothing either',
  async () => {
    const place = await tempFolder();
    const outside = makeOutside(join(place, 'outside'));
    const race = async (name: string, work: () => Promise<unknown>): Promise<void> => {
      const swapper = await startSwapper(name, outside.folder);
      onTestFinished(() => swapper.stop());
      await work();
      await swapper.stop();
      expect(outside.touched(), name).toEqual([]);
    };
    const tree = join(place, 'tree');
    fill(join(tree, 'a'), 100);
    await race(join(tree, 'a'), () => deleteStubbornFolder(tree));
    const top = join(place, 'top');
    mkdirSync(join(top, 'a'), { recursive: true });
    await race(join(top, 'a'), async () => {
      // It may be missing, or a link, at the moment of the look: then it is refused.
      for (let i = 0; i < 200; i += 1) await makeInside(join(top, 'a', `n${i}`), top).catch(() => undefined);
    });
    mkdirSync(join(place, 'secrets'), { mode: 0o700 });
    await race(join(place, 'secrets'), async () => {
      for (let i = 0; i < 50; i += 1) await write(join(place, 'secrets'));
    });
  },
  120_000,
);

describe.runIf(process.platform === 'linux')('a folder that is held', () => {
  test('stays the one it was when its name leads elsewhere', async () => {
    const place = await tempFolder();
    const outside = makeOutside(join(place, 'outside'));
    const folder = join(place, 'a');
    mkdirSync(folder);
    const held = await holdFolder(folder);
    onTestFinished(() => held.close());
    renameSync(folder, join(place, 'moved'));
    symlinkSync(outside.folder, folder);
    writeFileSync(held.at('x'), 'here');
    await held.chmod(0o700);
    expect(readdirSync(join(place, 'moved'))).toEqual(['x']);
    expect(outside.touched()).toEqual([]);
    // And the name itself is refused now, by each who would hold it.
    await expect(holdFolder(folder)).rejects.toMatchObject({ code: 'ENOTDIR' });
    expect(await holdInside(folder, join(place, 'moved'))).toBeNull();
    expect(await inPrivateFolder(folder, async () => ok('in'))).toMatchObject({ ok: false, problem: { code: 'CCM_SECRETS_UNSAFE' } });
  });

  test.each(['', '.', '..', 'a/b', '../x'])('"%s" is not the name of an entry', async (name) => {
    const held = await holdFolder(await tempFolder());
    onTestFinished(() => held.close());
    expect(() => held.at(name)).toThrow('not the name of an entry');
  });
});
