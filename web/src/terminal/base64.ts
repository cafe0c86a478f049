/** Bytes → base64, without the argument limit of `String.fromCharCode(...bytes)`. */
export const toBase64 = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
};
