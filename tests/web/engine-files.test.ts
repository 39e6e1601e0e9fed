/** Files given to the page, as the engine reads them; the parsing workers are driven in data.test.ts. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { isDarkscanError } from '../../src/errors.ts';
import { loadFile, PAGE_LIMITS, pageFiles } from '../../src/web/engine/page-files.ts';

const TEXT = 'm\n1.5\n2.5\n';
const packed = new Uint8Array(gzipSync(TEXT));

async function failureOf(work: Promise<unknown>): Promise<{ kind: string; message: string }> {
  const error = await work.then(
    () => new Error('no error'),
    (reason: unknown) => reason,
  );
  if (!isDarkscanError(error)) throw error;
  return { kind: error.kind, message: error.message };
}

test('a file is unpacked by content, its hash and size are those of what is stored', async () => {
  const files = pageFiles(new Map([['data/events.csv', new File([packed], 'other-name')]]));
  const { name, bytes, sha256, storedBytes, openTable } = await files.read('data/events.csv', 'data.file');
  expect([name, new TextDecoder().decode(bytes), storedBytes]).toEqual(['data/events.csv', TEXT, packed.length]);
  expect(sha256).toBe(createHash('sha256').update(packed).digest('hex'));
  const table = await openTable!(bytes, name);
  expect((await table.read(['m'])).rowCount).toBe(2);
});

describe('one line tells of', () => {
  test('a file that the card names and nobody gave', async () => {
    expect(await failureOf(pageFiles(new Map()).read('events.csv', 'data.file'))).toEqual({
      kind: 'data',
      message: "data.file: the card names the file 'events.csv'; drop it on the page",
    });
  });

  test('a gzip that ends too early, and one with a wrong sum', async () => {
    const cut = await failureOf(loadFile(new File([packed.subarray(0, -9)], 'a.gz'), 'a.gz', 'data.file'));
    expect(cut.message).toBe("data.file: 'a.gz' ends too early (truncated gzip); fetch or make it again");
    const wrong = packed.map((byte, i) => (i === packed.length - 6 ? byte ^ 1 : byte));
    const flipped = await failureOf(loadFile(new File([wrong], 'a.gz'), 'a.gz', 'data.file'));
    expect([cut.kind, flipped.kind]).toEqual(['data', 'data']);
    expect(flipped.message).toMatch(/^data\.file: 'a\.gz' is damaged gzip \(/);
  });

  test('a file above the limit, stored or unpacked, before it is all there', async () => {
    const limits = { ...PAGE_LIMITS, maxBytes: 1000 };
    const small = new File([new Uint8Array(gzipSync(new Uint8Array(5e5)))], 'b.gz');
    expect(small.size).toBeLessThan(1000);
    for (const file of [small, new File([new Uint8Array(1001)], 'b.gz')]) {
      expect(await failureOf(loadFile(file, 'b.gz', 'data.file', limits))).toEqual({
        kind: 'resource',
        message:
          "data.file: 'b.gz' holds more than 1000 bytes; scan it with the darkscan command, whose limit can be raised",
      });
    }
  });

  test('a file that was moved or changed since it was given', async () => {
    const gone = new File([TEXT], 'c.csv');
    gone.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotReadableError'));
    expect((await failureOf(loadFile(gone, 'c.csv', 'data.file'))).message).toBe(
      "data.file: 'c.csv' can no longer be read (moved or changed since it was dropped); drop it again",
    );
  });
});
