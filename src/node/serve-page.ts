/** Serves the built page to this machine, and to nobody else. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import sirv from 'sirv';
import { DarkscanError } from '../errors.ts';
import { PAGE_HEADERS } from './page-policy.ts';

/** The only address it listens on. */
export const PAGE_HOST = '127.0.0.1';

export interface PageServer {
  /** "http://127.0.0.1:8017/" */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * @param folder with index.html, as `npm run build:web` makes it
 * @param port 0 takes a free one
 * Error (kind conflict) when the port cannot be had.
 */
export async function servePage(folder: string, port: number): Promise<PageServer> {
  const files = sirv(folder, { etag: true });
  const server = http.createServer((request, response) => {
    for (const [name, value] of Object.entries(PAGE_HEADERS)) response.setHeader(name, value);
    if (!isOurName(request.headers.host)) return refuse(response, 421, 'darkscan serve answers to 127.0.0.1 only\n');
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'files are read only\n');
    files(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(notListening(error, port)));
    server.listen(port, PAGE_HOST, resolve);
  });
  const taken = (server.address() as AddressInfo).port;
  return {
    url: `http://${PAGE_HOST}:${taken}/`,
    port: taken,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Another site's name that was made to lead here (DNS rebinding) comes with that name; its pages get nothing. */
function isOurName(host = ''): boolean {
  return /^(127\.0\.0\.1|localhost)(:\d+)?$/i.test(host);
}

function refuse(response: http.ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain', ...(status === 405 && { Allow: 'GET, HEAD' }) });
  response.end(text);
}

function notListening({ code, message }: NodeJS.ErrnoException, port: number): DarkscanError {
  const reason =
    code === 'EADDRINUSE' ? 'taken' : code === 'EACCES' ? 'not allowed for this user' : `not free (${message})`;
  return new DarkscanError(
    'conflict',
    `serve: port ${port} is ${reason}; take another with --port, or --port 0 for any`,
  );
}
