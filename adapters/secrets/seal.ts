/** One value under AES-256-GCM. Its name is part of what is authenticated: an entry put under another name does not open. */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { z } from 'zod';

export const sealed = z.strictObject({ iv: z.base64(), tag: z.base64(), text: z.base64() });
export type Sealed = z.infer<typeof sealed>;
export type RandomBytes = (count: number) => Uint8Array;

const cipher = 'aes-256-gcm';
const tagBytes = 16;
const bound = (name: string): Buffer => Buffer.from(`ccm-orchestrator\0v1\0${name}`);

/** A fresh 96-bit number each time: with random ones a key is good for some four thousand million writes. */
export const seal = (key: Uint8Array, name: string, value: string, random: RandomBytes): Sealed => {
  const iv = random(12);
  const with_ = createCipheriv(cipher, key, iv, { authTagLength: tagBytes });
  with_.setAAD(bound(name));
  const text = Buffer.concat([with_.update(value, 'utf8'), with_.final()]);
  return { iv: Buffer.from(iv).toString('base64'), tag: with_.getAuthTag().toString('base64'), text: text.toString('base64') };
};

/** Null when key, name or bytes are not those it was sealed with. */
export const open = (key: Uint8Array, name: string, { iv, tag, text }: Sealed): string | null => {
  try {
    const from = createDecipheriv(cipher, key, Buffer.from(iv, 'base64'), { authTagLength: tagBytes });
    from.setAAD(bound(name));
    from.setAuthTag(Buffer.from(tag, 'base64'));
    return Buffer.concat([from.update(Buffer.from(text, 'base64')), from.final()]).toString('utf8');
  } catch {
    return null; // The one thing this throws for: it does not fit.
  }
};
