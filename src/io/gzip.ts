/**
 * Gzip, recognised by its content and unpacked up to a limit, so that a small bomb cannot fill the memory. Through
 * DecompressionStream, which checks the sum at the end and which Node and browsers share.
 */
import { DarkscanError } from '../errors.ts';

/** How large a file may be, and what to do about one that is larger. */
export interface SizeLimit {
  /** Stored, and unpacked. */
  readonly maxBytes: number;
  /** "raise DARKSCAN_MAX_DATA_BYTES if that is meant" */
  readonly advice?: string;
}

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Refuses (kind resource) a file of more bytes than the limit, before they are read. */
export function checkFileSize(size: number, limit: SizeLimit, name: string, where: string): void {
  if (size > limit.maxBytes) throw fileTooLarge(limit, name, where);
}

/**
 * The bytes of a file, unpacked where they are gzip.
 * @param where path into the card that names the file, for messages
 * Errors: kind data (damaged, truncated), kind resource (unpacks to more than the limit).
 */
export async function unpackGzip(
  stored: Uint8Array<ArrayBuffer>,
  limit: SizeLimit,
  name: string,
  where: string,
): Promise<Uint8Array> {
  if (!isGzip(stored)) return stored;
  let total = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      total += chunk.length;
      if (total > limit.maxBytes) controller.error(fileTooLarge(limit, name, where));
      else controller.enqueue(chunk);
    },
  });
  const unpacked = new Blob([stored]).stream().pipeThrough(new DecompressionStream('gzip')).pipeThrough(counter);
  try {
    return await bytesOf(unpacked);
  } catch (cause) {
    if (cause instanceof DarkscanError) throw cause;
    throw new DarkscanError('data', `${where}: '${name}' ${whatIsWrong(cause as Error)}; fetch or make it again`, {
      where,
      cause,
    });
  }
}

/** By a reader: `new Response(stream)` would tell every error of the stream as "Failed to fetch" in browsers. */
async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    parts.push(next.value);
    length += next.value.length;
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Browsers know no error codes here; what they say of a file that ends too early differs. */
function whatIsWrong(cause: Error & { readonly code?: string }): string {
  const isShort = cause.code === 'Z_BUF_ERROR' || /truncated|end of file|without reaching/i.test(cause.message);
  return isShort ? 'ends too early (truncated gzip)' : `is damaged gzip (${cause.message})`;
}

function fileTooLarge({ maxBytes, advice = 'split it' }: SizeLimit, name: string, where: string): DarkscanError {
  return new DarkscanError('resource', `${where}: '${name}' holds more than ${maxBytes} bytes; ${advice}`, { where });
}
