/**
 * Headless Chromium out of the dev dependency @sparticuz/chromium, driven by playwright-core: nothing is downloaded
 * and no system library is needed (the archive brings nss, nspr, expat and SwiftShader). Linux on x64 only.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { chromium, type Browser } from 'playwright-core';
import { untar } from './untar.ts';

/** A new browser; the caller closes it. With `webgpu`, navigator.gpu gives the SwiftShader adapter on secure pages. */
export async function launchChromium(options: { webgpu?: boolean; args?: readonly string[] } = {}): Promise<Browser> {
  const folder = unpackedChromium();
  return chromium.launch({
    executablePath: path.join(folder, 'chromium'),
    args: [
      '--no-sandbox',
      ...(options.webgpu ? ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'] : []),
      ...(options.args ?? []),
    ],
    env: {
      ...(process.env as Record<string, string>),
      // with C.UTF-8 navigator.language becomes en-US@posix, which Intl refuses; no browser with a window says that
      LANG: 'en_US.UTF-8',
      LD_LIBRARY_PATH: `${path.join(folder, 'lib')}:${folder}:${process.env.LD_LIBRARY_PATH ?? ''}`,
    },
  });
}

/** Folder with the executable and its libraries, unpacked once per user and archive; safe against concurrent callers. */
function unpackedChromium(): string {
  const main = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const archives = path.resolve(path.dirname(main), '../../bin');
  const read = (name: string): Buffer => zlib.brotliDecompressSync(fs.readFileSync(path.join(archives, name)));
  const size = fs.statSync(path.join(archives, 'chromium.br')).size;
  const folder = path.join(os.tmpdir(), `darkscan-chromium-${size}-${process.getuid?.() ?? 0}`);
  if (fs.existsSync(folder)) return folder;
  const fresh = fs.mkdtempSync(`${folder}-`);
  fs.writeFileSync(path.join(fresh, 'chromium'), read('chromium.br'), { mode: 0o755 });
  untar(read('al2023.tar.br'), fresh);
  untar(read('swiftshader.tar.br'), fresh);
  try {
    fs.renameSync(fresh, folder);
  } catch {
    fs.rmSync(fresh, { recursive: true, force: true }); // another process was first
  }
  return folder;
}
