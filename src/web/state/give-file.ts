/** A data file gets onto the page: what a link asked for must be the very file it was made with. */
import { DarkscanError } from '../../errors.ts';
import { sha256Hex } from '../../io/sha256.ts';
import type { Page } from './page.ts';

/** A file as a link knows it. */
export interface LinkedFile {
  /** As written in the card. */
  readonly name: string;
  /** Hexadecimal, of the file as it is stored. */
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Gives the page a file under the name that the card uses; another one of that name is replaced.
 * Errors: kind data where a link names the file and this one is another.
 */
export async function giveFile(page: Page, name: string, file: File): Promise<void> {
  const linked = page.linked.value.find((one) => one.name === name);
  if (linked !== undefined) await refuseOtherContent(file, linked);
  page.files.value = new Map(page.files.value).set(name, file);
}

/** Sizes first: they tell most files apart without reading them. */
async function refuseOtherContent(file: File, { name, sha256, bytes }: LinkedFile): Promise<void> {
  const refuse = (found: string, expected: string): never => {
    const message = `${name}: ${found}, the link was made with ${expected}; give that file, or name another one in the card`;
    throw new DarkscanError('data', message, { where: name });
  };
  if (file.size !== bytes) refuse(`${file.size} bytes`, `${bytes}`);
  const found = await hashFile(file);
  if (found !== sha256) refuse(`SHA-256 ${found.slice(0, 12)}…`, `${sha256.slice(0, 12)}…`);
}

export async function hashFile(file: File): Promise<string> {
  return sha256Hex(new Uint8Array(await file.arrayBuffer()));
}
