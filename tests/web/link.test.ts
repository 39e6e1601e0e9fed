/** Cards in the fragments of addresses: there and back, and everything that is no such fragment. */
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cardOfLink, isLink, linkOf } from '../../src/web/state/link.ts';
import { EXAMPLES } from '../../src/web/state/examples.ts';

const HASH = '0123456789abcdef'.repeat(4);

/** A fragment around any JSON. */
const wrap = (value: unknown): string => pack(Buffer.from(JSON.stringify(value)));
const pack = (bytes: Buffer): string => `#c=${deflateRawSync(bytes).toString('base64url')}`;

const refusal = async (fragment: string): Promise<string> => {
  const error = await cardOfLink(fragment).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ kind: 'usage' });
  expect((error as Error).message).not.toContain('\n');
  return (error as Error).message;
};

describe('a card in a link', () => {
  test('comes back as it was, with its files', async () => {
    const files = [
      { name: 'events.root', sha256: HASH, bytes: 123_456_789_012 },
      { name: 'Ereignisse µµ.csv', sha256: HASH.toUpperCase().toLowerCase(), bytes: 0 },
    ];
    const link = await linkOf({ text: EXAMPLES[0].text, files });
    expect(isLink(link)).toBe(true);
    expect(link).toMatch(/^#c=[\w-]+$/);
    expect(await cardOfLink(link)).toEqual({ text: EXAMPLES[0].text, files });
  });

  test('comes back whatever it says', async () => {
    const texts = fc.string({ unit: 'binary', maxLength: 3000 });
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        expect(await cardOfLink(await linkOf({ text, files: [] }))).toEqual({ text, files: [] });
      }),
      { seed: 6, numRuns: 60 },
    );
  });

  test('is short enough for a mail: the example takes less than 3000 characters', async () => {
    expect((await linkOf({ text: EXAMPLES[0].text, files: [] })).length).toBeLessThan(3000);
  });

  test('never says that blind windows were looked at', async () => {
    const asked = { text: 'schema: darkscan/card/1', files: [], unblind: true };
    expect(await cardOfLink(await linkOf(asked))).not.toHaveProperty('unblind');
    expect(await cardOfLink(wrap({ v: 1, card: 'x', files: [], unblind: true }))).toEqual({ text: 'x', files: [] });
  });
});

describe('a fragment that is no card is refused in one line', () => {
  test.each([
    ['nothing', '#c=', 'it is empty'],
    ['no base64url', '#c=ab+c', 'a character that no link has'],
    ['a length that base64 never has', '#c=abcde', 'its length is wrong'],
    ['no deflated bytes', '#c=_____w', 'it does not unpack'],
    ['no UTF-8', pack(Buffer.from([0xff, 0xfe])), 'it does not unpack to text'],
    ['no JSON', pack(Buffer.from('{"v":1')), 'it does not unpack to text'],
    ['null', wrap(null), 'no card in it'],
    ['no card', wrap({ v: 1, files: [] }), 'no card in it'],
    ['no files', wrap({ v: 1, card: '' }), 'no list of files in it'],
    [
      'too many files',
      wrap({ v: 1, card: '', files: Array.from({ length: 101 }, () => ['a', HASH, 1]) }),
      'no list of files in it',
    ],
    ['a file without hash', wrap({ v: 1, card: '', files: [['a', 'abc', 1]] }), 'a file without name, size and hash'],
    ['a size below zero', wrap({ v: 1, card: '', files: [['a', HASH, -1]] }), 'a file without name, size and hash'],
    ['a file that is null', wrap({ v: 1, card: '', files: [null] }), 'a file without name, size and hash'],
  ])('%s', async (_, fragment, why) => {
    expect(await refusal(fragment)).toBe(`link: the card in this address is damaged (${why}); ask for the link again`);
  });

  test('another version', async () => {
    expect(await refusal(wrap({ v: 2 }))).toBe(
      'link: of version 2, this page reads 1; open it with the page it was made with',
    );
  });

  test('cut anywhere', async () => {
    const link = await linkOf({ text: 'name: short\n'.repeat(40), files: [] });
    for (let length = 3; length < link.length; length++) await refusal(link.slice(0, length));
  });

  test('a few bytes that unpack to gigabytes, before they are unpacked', async () => {
    const bomb = pack(Buffer.alloc(200_000_000, 0x20));
    const before = process.memoryUsage().rss;
    expect(await refusal(bomb)).toMatch(
      /^link: unpacks to more than 6100000 bytes, a card has at most 1000000 characters;/,
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
  }, 30_000);
});
