/** Single files that are complete or absent, and the one place where file system errors become one clear line. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { DarkscanError } from '../errors.ts';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'a part of the path is a file',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'the file system does not allow it',
};

/** Why a path cannot be written, as `conflict` (or `resource` when space ran out). */
export function writeError(path: string, cause: unknown): DarkscanError {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  const kind = code === 'ENOSPC' || code === 'EDQUOT' ? 'resource' : 'conflict';
  const reason = REASONS[code] ?? (cause as Error).message;
  return new DarkscanError(kind, `output: ${path} cannot be written (${reason}); choose another place with --out`, {
    cause,
  });
}

/** Write one file through a temporary beside it; error `conflict` when it exists and force is false. */
export async function saveFile(path: string, content: string | Uint8Array, force = false): Promise<void> {
  if (!force && existsSync(path))
    throw new DarkscanError('conflict', `output: ${path} exists; choose another name or add --force`);
  try {
    mkdirSync(dirname(path), { recursive: true });
    await writeFileAtomic(path, typeof content === 'string' ? content : Buffer.from(content));
  } catch (cause) {
    throw writeError(path, cause);
  }
}
