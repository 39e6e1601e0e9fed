/**
 * A software Vulkan driver for the `webgpu` package, brought up inside the running process without root, apt or a
 * restart: @sparticuz/chromium (a dev dependency) carries SwiftShader and the Khronos loader in one small archive.
 * Dawn does dlopen("libvulkan.so.1"); a library already loaded under that name satisfies it.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';

const LOADER = 'libvulkan.so.1';
const SWIFTSHADER_ICD = 'vk_swiftshader_icd.json';
const FILES = ['libvk_swiftshader.so', LOADER, SWIFTSHADER_ICD];
/** Keeps the library loaded although Node closes what is not an addon; glibc and musl, missing in os.constants. */
const RTLD_NODELETE = 0x1000;
const TAR_BLOCK = 512;
const ICD_FOLDERS = ['/usr/share/vulkan/icd.d', '/usr/local/share/vulkan/icd.d', '/etc/vulkan/icd.d'];

export type TestAdapter = 'swiftshader' | 'lavapipe' | 'any';

/** What DARKSCAN_TEST_ADAPTER asks for; without it a driver chosen by the user stays, else SwiftShader. */
export function wantedAdapter(env: NodeJS.ProcessEnv = process.env): TestAdapter {
  const wanted = env.DARKSCAN_TEST_ADAPTER ?? (env.VK_DRIVER_FILES || env.VK_ICD_FILENAMES ? 'any' : 'swiftshader');
  if (wanted === 'swiftshader' || wanted === 'lavapipe' || wanted === 'any') return wanted;
  throw new Error(`DARKSCAN_TEST_ADAPTER is ${wanted}, expected swiftshader, lavapipe or any`);
}

/** Makes a later create() of the `webgpu` package, here and in child processes, find the wanted driver. Main thread only. */
export function useTestAdapter(wanted: TestAdapter = wantedAdapter()): void {
  if (process.platform !== 'linux') return;
  const folder = unpackedDriver();
  if (wanted !== 'any') {
    const icd = wanted === 'lavapipe' ? lavapipeIcd() : path.join(folder, SWIFTSHADER_ICD);
    process.env.VK_ICD_FILENAMES = process.env.VK_DRIVER_FILES = icd;
  }
  if (preload(LOADER)) return; // the loader of the system
  const paths = (process.env.LD_LIBRARY_PATH ?? '').split(':').filter((entry) => entry && entry !== folder);
  process.env.LD_LIBRARY_PATH = [folder, ...paths].join(':');
  preload(path.join(folder, LOADER));
}

/** The lavapipe driver of the system (Mesa 25 or newer; .ci/run installs it on Debian). */
function lavapipeIcd(): string {
  for (const folder of ICD_FOLDERS.filter((candidate) => fs.existsSync(candidate))) {
    const file = fs.readdirSync(folder).find((name) => /^lvp_icd.*\.json$/.test(name));
    if (file) return path.join(folder, file);
  }
  throw new Error(
    `DARKSCAN_TEST_ADAPTER is lavapipe, but no lvp_icd*.json is in ${ICD_FOLDERS.join(', ')}; install Mesa`,
  );
}

/** Keeps a library in the process; false where there is none of that name. */
function preload(library: string): boolean {
  const { RTLD_NOW, RTLD_GLOBAL } = os.constants.dlopen;
  try {
    process.dlopen({ exports: {} }, library, RTLD_NOW | RTLD_GLOBAL | RTLD_NODELETE);
  } catch (error) {
    return /did not self-register/.test(String(error));
  }
  return true;
}

/** Folder with the three files, unpacked once per user and archive; safe against concurrent callers. */
function unpackedDriver(): string {
  const main = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const archive = path.resolve(path.dirname(main), '../../bin/swiftshader.tar.br');
  const user = process.getuid?.() ?? 0;
  const folder = path.join(os.tmpdir(), `darkscan-swiftshader-${fs.statSync(archive).size}-${user}`);
  if (FILES.every((file) => fs.existsSync(path.join(folder, file)))) return folder;
  const fresh = fs.mkdtempSync(`${folder}-`);
  untar(zlib.brotliDecompressSync(fs.readFileSync(archive)), fresh);
  try {
    fs.renameSync(fresh, folder);
  } catch {
    fs.rmSync(fresh, { recursive: true, force: true }); // another process was first
  }
  return folder;
}

function untar(tar: Buffer, folder: string): void {
  for (let at = 0; at + TAR_BLOCK <= tar.length;) {
    const name = tar.toString('latin1', at, at + 100).replace(/\0.*$/s, '');
    if (!name) return;
    const size = parseInt(tar.toString('latin1', at + 124, at + 136), 8);
    const body = tar.subarray(at + TAR_BLOCK, at + TAR_BLOCK + size);
    const file = path.posix.basename(name);
    if (FILES.includes(file)) fs.writeFileSync(path.join(folder, file), body, { mode: 0o755 });
    at += TAR_BLOCK * (1 + Math.ceil(size / TAR_BLOCK));
  }
}
