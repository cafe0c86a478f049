import { chmod, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { atomicWrite } from '../../src/lib/atomic-write.ts';
import { tempFolder } from '../support/temp-folder.ts';

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

describe('atomicWrite', () => {
  test('replaces the content and leaves nothing beside it', async () => {
    const folder = await tempFolder();
    const path = join(folder, 'token');
    expect(await atomicWrite(path, 'one')).toEqual({ ok: true, value: undefined });
    expect(await atomicWrite(path, new Uint8Array([0, 255]))).toMatchObject({ ok: true });
    expect([...(await readFile(path))]).toEqual([0, 255]);
    expect(await readdir(folder)).toEqual(['token']);
  });

  test('is 0600 unless told, whatever the umask and the old mode were', async () => {
    const path = join(await tempFolder(), 'file');
    await writeFile(path, 'old');
    await chmod(path, 0o644);
    await atomicWrite(path, 'new');
    expect(await modeOf(path)).toBe(0o600);
    const before = process.umask(0o077);
    await atomicWrite(path, 'shared', { mode: 0o644 });
    process.umask(before);
    expect(await modeOf(path)).toBe(0o644);
  });

  test('replaces a symbolic link instead of writing through it', async () => {
    const folder = await tempFolder();
    const target = join(folder, 'precious');
    await writeFile(target, 'untouched');
    await symlink(target, join(folder, 'link'));
    await atomicWrite(join(folder, 'link'), 'new');
    expect(await readFile(target, 'utf8')).toBe('untouched');
    expect((await lstat(join(folder, 'link'))).isFile()).toBe(true);
  });

  test('a failure keeps the old content, removes the half-made file and is returned', async () => {
    const folder = await tempFolder();
    await mkdir(join(folder, 'taken', 'by-a-folder'), { recursive: true });
    expect(await atomicWrite(join(folder, 'taken'), 'x')).toMatchObject({ ok: false, problem: { code: 'CCM_HOME_UNUSABLE' } });
    expect(await readdir(folder)).toEqual(['taken']);
    expect(await atomicWrite(join(folder, 'no', 'such'), 'x')).toMatchObject({ ok: false, problem: { extra: { errno: 'ENOENT' } } });
  });

  test('writers at the same moment do not mix, and long names work', async () => {
    const path = join(await tempFolder(), 'n'.repeat(250));
    const texts = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(200_000));
    const done = await Promise.all(texts.map((text) => atomicWrite(path, text)));
    expect(done.every((result) => result.ok)).toBe(true);
    expect(texts).toContain(await readFile(path, 'utf8'));
  });
});
