/** `darkscan serve`: what it answers, to whom, and how it starts and ends. README and package tests run the command itself. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pageFolder } from '../../src/cli/package-files.ts';
import { PAGE_HEADERS, PAGE_POLICY } from '../../src/node/page-policy.ts';
import { servePage, type PageServer } from '../../src/node/serve-page.ts';
import { workplace } from '../unit/cli/run-cli.ts';

const { cli } = workplace();
const root = mkdtempSync(join(tmpdir(), 'darkscan-serve-'));
const folder = join(root, 'dist/web');
let server: PageServer;

beforeAll(async () => {
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(folder, 'assets/engine.js'), 'export {};');
  writeFileSync(join(root, 'secret.txt'), 'not part of the page');
  server = await servePage(folder, 0);
});

afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** fetch would tidy the path and refuse a Host header. */
function ask(path: string, { method = 'GET', host = `127.0.0.1:${server.port}` } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { port: server.port, host: '127.0.0.1', path, method, headers: { host } },
      (response) => {
        let body = '';
        response.on('data', (chunk) => (body += chunk));
        response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
      },
    );
    request.on('error', reject).end();
  });
}

describe('the server', () => {
  test('gives the page and its files with their types', async () => {
    expect(await ask('/')).toMatchObject({ status: 200, headers: { 'content-type': 'text/html;charset=utf-8' } });
    const script = await ask('/assets/engine.js');
    expect(script).toMatchObject({ status: 200, body: 'export {};' });
    expect(script.headers['content-type']).toMatch(/^(text|application)\/javascript/);
    expect(await ask('/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
  });

  test.each(['/', '/assets/engine.js', '/nothing'])('sends every header of the policy with %s', async (path) => {
    const { headers } = await ask(path);
    for (const [name, value] of Object.entries(PAGE_HEADERS)) expect(headers[name.toLowerCase()], name).toBe(value);
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  test.each(['evil.test', 'evil.test:8017', '127.0.0.1.evil.test', 'localhost.evil.test', '10.0.0.1'])(
    'answers a request for the host "%s" with nothing: another site was made to lead here',
    async (host) => {
      const answer = await ask('/', { host });
      expect(answer.status).toBe(421);
      expect(answer.body).not.toContain('page');
    },
  );

  test('answers to localhost as well', async () => {
    expect((await ask('/', { host: `localhost:${server.port}` })).status).toBe(200);
  });

  test.each(['/../../secret.txt', '/assets/../../../secret.txt', '/%2e%2e/%2e%2e/secret.txt', '/..%2f..%2fsecret.txt'])(
    'gives nothing outside its folder: %s',
    async (path) => {
      const { status, body } = await ask(path);
      expect([status, body]).toEqual([404, '']);
    },
  );

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('takes no %s', async (method) => {
    expect(await ask('/', { method })).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  });

  test('listens on the loopback address only', async () => {
    const other = await new Promise<string>((resolve) => {
      const socket = net.connect({ port: server.port, host: '127.0.0.2' });
      socket
        .on('connect', () => resolve('connected'))
        .on('error', (error: NodeJS.ErrnoException) => resolve(error.code!));
    });
    expect(other).toBe('ECONNREFUSED');
  });

  test('a taken port is one line', async () => {
    await expect(servePage(folder, server.port)).rejects.toMatchObject({
      kind: 'conflict',
      message: `serve: port ${server.port} is taken; take another with --port, or --port 0 for any`,
    });
  });
});

describe('the policy', () => {
  test('allows no inline code, no eval and no other origin', () => {
    expect(PAGE_POLICY).toMatch(/^default-src 'none';/);
    expect(PAGE_POLICY).not.toMatch(/'unsafe-inline'|'unsafe-eval'|https?:|\*/);
    expect(PAGE_POLICY).toContain("connect-src 'self'");
  });
});

describe('the command', () => {
  test.each([
    ['--host 0.0.0.0', /^serve: --host is '0\.0\.0\.0', allowed: 127\.0\.0\.1 \(.*ssh -L 8017:127\.0\.0\.1:8017$/],
    ['--port 65536', /--port.*expected a whole number from 0 to 65535/],
    ['--port x', /--port.*expected a whole number from 0 to 65535/],
    ['here', /too many arguments/],
  ])('serve %s is refused in one line', async (options, message) => {
    const { code, out, err } = await cli(`serve ${options}`);
    expect([code, out, err.trimEnd()]).toEqual([2, '', expect.stringMatching(message)]);
  });

  test('a page that was not built is one line that says what to do', () => {
    const checkout = mkdtempSync(join(tmpdir(), 'darkscan-serve-'));
    const why = (): string => {
      try {
        return pageFolder(checkout);
      } catch (error) {
        return (error as Error).message;
      }
    };
    try {
      expect(why()).toMatch(/^serve: dist\/web\/index\.html is missing from .*; install darkscan again$/);
      mkdirSync(join(checkout, 'src/web'), { recursive: true });
      expect(why()).toMatch(/; build the page with npm run build:web$/);
    } finally {
      rmSync(checkout, { recursive: true });
    }
    expect(pageFolder(root)).toBe(folder);
  });
});
