/** The page as users get it: built once for all test files, served with and without isolation headers. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';
import { build } from 'vite';
import { servePage } from '../../../src/node/serve-page.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** What the built page is made from. */
const SOURCES = ['src', 'shaders', 'schema', 'examples', 'scripts', 'package-lock.json', 'vite.config.ts'];

/** Folder of the built page; built where no earlier test did it from the same sources. */
export async function builtSite(): Promise<string> {
  const folder = path.join(os.tmpdir(), `darkscan-site-${fingerprint()}`);
  if (fs.existsSync(folder)) return folder;
  const fresh = fs.mkdtempSync(`${folder}-`);
  await build({ configFile: path.join(root, 'vite.config.ts'), logLevel: 'warn', build: { outDir: fresh } });
  try {
    fs.renameSync(fresh, folder);
  } catch {
    fs.rmSync(fresh, { recursive: true, force: true }); // another process was first
  }
  return folder;
}

export interface Site {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

export interface SiteOptions {
  /** Served as `darkscan serve` does it, with the headers that give workers shared memory; else by a plain file server. */
  readonly isolated?: boolean;
  /** Of a plain file server: where the page lies on it, with / at both ends. */
  readonly at?: string;
  readonly folder?: string;
}

export async function serveSite({ isolated = false, at = '/', folder }: SiteOptions = {}): Promise<Site> {
  const built = folder ?? (await builtSite());
  return isolated ? servePage(built, 0) : plainSite(built, at);
}

async function plainSite(folder: string, at: string): Promise<Site> {
  const files = sirv(folder);
  const server = http.createServer((request, response) => {
    if (!request.url!.startsWith(at)) return void response.writeHead(404).end();
    request.url = `/${request.url!.slice(at.length)}`;
    files(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${at}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function fingerprint(): string {
  const hash = createHash('sha256');
  const add = (file: string): void => {
    if (fs.statSync(file).isDirectory()) for (const name of fs.readdirSync(file).sort()) add(path.join(file, name));
    else hash.update(path.relative(root, file)).update(fs.readFileSync(file));
  };
  for (const source of SOURCES) add(path.join(root, source));
  return hash.digest('hex').slice(0, 16);
}
