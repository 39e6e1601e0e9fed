/** The card of a command: a file, `-` for standard input, or the embedded example when none is named. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { DarkscanError } from '../errors.ts';
import { parseAnyCard, windowCard, type Parsed } from '../io/card.ts';
import type { FileSource } from '../io/file-source.ts';
import type { AnyCard, Card } from '../model/card.ts';
import { dataFilesFromEnvironment } from '../node/data-files.ts';
import { DEFAULT_EXAMPLE, exampleCardPath } from './package-files.ts';
import { note, type Session, type Verbosity } from './session.ts';

export interface CardInput<C extends AnyCard = Card> extends Parsed<C> {
  /** Files named in the card. */
  readonly files: FileSource;
}

export const CARD_ARGUMENT = '[card]';
export const CARD_ARGUMENT_HELP = `analysis card, YAML or JSON; - reads it from standard input (default: the example ${DEFAULT_EXAMPLE})`;

/** A card of windows. @param what for, in the message to those who have another one */
export async function readCard(
  named: string | undefined,
  session: Session,
  verbosity: Verbosity = {},
  what?: string,
): Promise<CardInput> {
  return windowCard(await readAnyCard(named, session, verbosity), what);
}

/** Reads and checks a card of any kind. Errors: kind data (no such file), kind card (mistakes in it). */
export async function readAnyCard(
  named: string | undefined,
  session: Session,
  verbosity: Verbosity = {},
): Promise<CardInput<AnyCard>> {
  if (named === undefined) note(session, verbosity, `no card named: taking the example ${DEFAULT_EXAMPLE}`);
  const shown = named ?? exampleCardPath(DEFAULT_EXAMPLE);
  if (shown === '-') {
    const chunks: Buffer[] = [];
    for await (const chunk of session.streams.stdin) chunks.push(Buffer.from(chunk));
    const text = Buffer.concat(chunks).toString('utf8');
    return { ...parseAnyCard(text, 'standard input'), files: dataFilesFromEnvironment(session.cwd, session.env) };
  }
  const path = resolve(session.cwd, shown);
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === 'ENOENT' ? 'is not there' : `cannot be read (${cause.code})`;
    throw new DarkscanError('data', `card: ${shown} ${reason}; name a card, or - for standard input`, { cause });
  });
  const source = named === undefined ? basename(path) : named;
  return { ...parseAnyCard(text, source), files: dataFilesFromEnvironment(dirname(path), session.env) };
}
