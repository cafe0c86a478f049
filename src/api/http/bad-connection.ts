/** What is not even HTTP, or too slow to become it: answered in the same shape, then hung up on. */
import type { Socket } from 'node:net';
import { catalogue, type ErrorCode } from '../../errors.ts';
import { problemDocument, problemType } from './problem.ts';

const known: Readonly<Record<string, { code: ErrorCode; status: number; detail: string }>> = {
  HPE_HEADER_OVERFLOW: { code: 'CCM_TOO_LARGE', status: 431, detail: 'The headers are larger than 16 KiB.' },
  ERR_HTTP_REQUEST_TIMEOUT: { code: 'CCM_BAD_INPUT', status: 408, detail: 'The request did not arrive in time.' },
};

export const badConnection = (error: Error & { code?: string }, socket: Socket): void => {
  // Reset by the other side: nobody is there to read an answer.
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const { code, status, detail } = known[error.code ?? ''] ?? {
    code: 'CCM_BAD_INPUT',
    status: catalogue.CCM_BAD_INPUT.status,
    detail: 'This is not an HTTP request.',
  };
  const text = JSON.stringify({ ...problemDocument({ code, detail }, '/'), status });
  socket.end(
    `HTTP/1.1 ${status} ${status === 431 ? 'Request Header Fields Too Large' : status === 408 ? 'Request Timeout' : 'Bad Request'}\r\n` +
      `Content-Type: ${problemType}\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
    // Said and done: one that was too slow to ask may be as slow to hang up, and would keep its place.
    () => socket.destroy(),
  );
  return undefined;
};
