import fs from 'node:fs';
import path from 'node:path';

const BLOCK = 512;
const REGULAR_FILE = new Set(['0', '\0']);

/** Unpacks the regular files of a tar archive, folders included; links are left out. */
export function untar(tar: Buffer, folder: string): void {
  const text = (at: number, length: number): string => tar.toString('latin1', at, at + length).replace(/\0.*$/s, '');
  for (let at = 0; at + BLOCK <= tar.length;) {
    const name = text(at, 100);
    if (!name) return;
    const size = parseInt(text(at + 124, 12), 8);
    const file = path.join(folder, path.posix.normalize(`/${name}`));
    if (REGULAR_FILE.has(tar.toString('latin1', at + 156, at + 157))) {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, tar.subarray(at + BLOCK, at + BLOCK + size), { mode: 0o755 });
    }
    at += BLOCK * (1 + Math.ceil(size / BLOCK));
  }
}
