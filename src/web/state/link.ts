/**
 * A card in the fragment of an address, which browsers send to no server: `#c=` and base64url of deflated JSON. Data
 * files are in it by name, size and hash; whether blind windows were looked at is not, so that no link unblinds.
 */
import { DarkscanError } from '../../errors.ts';
import { MAX_CARD_LENGTH } from '../../io/card-source.ts';
import type { LinkedFile } from './give-file.ts';

export interface LinkedCard {
  /** As written. */
  readonly text: string;
  readonly files: readonly LinkedFile[];
}

const START = '#c=';
const VERSION = 1;
/** Of the unpacked JSON: a card of the longest kind, in characters that JSON writes as six bytes. */
const MAX_BYTES = 6 * MAX_CARD_LENGTH + 100_000;
const MAX_FILES = 100;
const MAX_NAME = 1000;

export function isLink(fragment: string): boolean {
  return fragment.startsWith(START);
}

/** The fragment, with its #. */
export async function linkOf({ text, files }: LinkedCard): Promise<string> {
  const json = JSON.stringify({
    v: VERSION,
    card: text,
    files: files.map(({ name, sha256, bytes }) => [name, sha256, bytes]),
  });
  const packed = new Blob([json]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return START + toBase64Url(new Uint8Array(await new Response(packed).arrayBuffer()));
}

/** Inverse of linkOf. Errors: kind usage (damaged, too large, of another version). */
export async function cardOfLink(fragment: string): Promise<LinkedCard> {
  const value = parseJson(await inflate(fromBase64Url(fragment.slice(START.length))));
  if (!isRecord(value)) throw damaged('no card in it');
  if (value.v !== VERSION) {
    const found = `link: of version ${JSON.stringify(value.v ?? null)?.slice(0, 20)}, this page reads ${VERSION}`;
    throw new DarkscanError('usage', `${found}; open it with the page it was made with`);
  }
  const { card: text, files } = value;
  if (typeof text !== 'string') throw damaged('no card in it');
  if (!Array.isArray(files) || files.length > MAX_FILES) throw damaged('no list of files in it');
  return { text, files: files.map(readFile) };
}

function readFile(value: unknown): LinkedFile {
  const [name, sha256, bytes] = Array.isArray(value) ? (value as unknown[]) : [];
  const isFile =
    typeof name === 'string' &&
    name.length <= MAX_NAME &&
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256) &&
    typeof bytes === 'number' &&
    Number.isSafeInteger(bytes) &&
    bytes >= 0;
  if (!isFile) throw damaged('a file without name, size and hash');
  return { name, sha256, bytes };
}

/** Stops at the first byte too many: what a few bytes unpack to is not known before. */
async function inflate(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw damaged('it does not unpack');
    });
    if (done) break;
    size += value.length;
    if (size > MAX_BYTES) {
      void reader.cancel().catch(() => undefined);
      const found = `link: unpacks to more than ${MAX_BYTES} bytes, a card has at most ${MAX_CARD_LENGTH} characters`;
      throw new DarkscanError('usage', `${found}; ask for another link`);
    }
    chunks.push(value);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw damaged('it does not unpack to text');
  }
}

function toBase64Url(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[\w-]+$/.test(text)) throw damaged(text === '' ? 'it is empty' : 'a character that no link has');
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
  } catch {
    throw damaged('its length is wrong');
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function damaged(why: string): DarkscanError {
  return new DarkscanError('usage', `link: the card in this address is damaged (${why}); ask for the link again`);
}
