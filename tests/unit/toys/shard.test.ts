/** Shard files: what is written comes back, what is damaged or foreign is refused with one line. */
import { expect, test } from 'vitest';
import { isDarkscanError } from '../../../src/errors.ts';
import { checkSameCampaign, parseShard, shardHead, shardText } from '../../../src/toys/shard.ts';
import { throwToys } from '../../../src/toys/campaign.ts';
import { cpu, edit, LINE_TOYS, setupOf } from './toy-setup.ts';

const SETUP = await setupOf();
const HEAD = shardHead(SETUP);
const { tally: TALLY } = await throwToys(SETUP, cpu(), { from: 100, to: 700 });
const TEXT = await shardText(HEAD, TALLY);

async function refusal(action: () => unknown): Promise<string> {
  const error = await Promise.resolve()
    .then(action)
    .then(
      () => 'accepted',
      (e: unknown) => e,
    );
  expect(isDarkscanError(error), String(error)).toBe(true);
  const { message } = error as Error;
  expect(message).not.toContain('\n');
  return message;
}

test('a shard comes back as it was', async () => {
  const { tally, ...head } = await parseShard(TEXT, 'toys-100-700.json');
  expect(head).toEqual(HEAD);
  expect({ ...tally, byRank: [...tally.byRank] }).toEqual({
    ...TALLY,
    byRank: [...TALLY.byRank].sort(([a], [b]) => a - b),
    byWindow: tally.byWindow,
  });
  expect(new Map(tally.byWindow)).toEqual(new Map(TALLY.byWindow));
  expect(await shardText(head, tally)).toBe(TEXT);
});

test('a shard cut anywhere is refused by its name', async () => {
  for (let length = 0; length < TEXT.length - 1; length += 37) {
    expect(await refusal(() => parseShard(TEXT.slice(0, length), 'toys-100-700.json'))).toMatch(
      /^toys-100-700\.json: not a complete shard/,
    );
  }
});

test('a shard with any digit or letter changed is refused', async () => {
  for (let at = 3; at < TEXT.length - 3; at += 29) {
    const other = TEXT[at] === '7' ? '8' : '7';
    const damaged = TEXT.slice(0, at) + other + TEXT.slice(at + 1);
    expect(await refusal(() => parseShard(damaged, 'a.json')), `place ${at}`).toMatch(/^a\.json: /);
  }
});

test('another file, another schema', async () => {
  expect(await refusal(() => parseShard('[1, 2]', 'a.json'))).toMatch(/^a\.json: schema undefined, expected darkscan/);
  expect(await refusal(() => parseShard('null', 'a.json'))).toMatch(/^a\.json: schema undefined/);
  expect(await refusal(() => parseShard(TEXT.replace('toys/1', 'toys/9'), 'a.json'))).toMatch(
    /schema darkscan\/toys\/9, expected darkscan\/toys\/1/,
  );
});

const INJECT = ['statistics:', 'simulation: { inject: [{ x: 2, events: 10 }] }\nstatistics:'] as const;

test.each([
  ['another card', edit(LINE_TOYS, ['name: line-toys', 'name: other']), {}, /card line-toys, expected other/],
  ['the same name, another density', edit(LINE_TOYS, ["'exp(-x)'", "'exp(-2*x)'"]), {}, /another card/],
  ['another seed', LINE_TOYS, { seed: 2 }, /seed 1, expected 2/],
  [
    'another ensemble',
    edit(LINE_TOYS, ['statistics:', 'toys: { ensemble: fixed }\nstatistics:']),
    {},
    /ensemble predictive, expected fixed/,
  ],
  ['toys with a signal', edit(LINE_TOYS, INJECT), { inject: true }, /injected false, expected true/],
])('a shard of %s is refused, naming both values', async (_, text, options, line) => {
  const wanted = shardHead(await setupOf(text, options));
  expect(await refusal(() => checkSameCampaign(HEAD, wanted, 'toys-100-700.json'))).toMatch(line);
});

test('a shard of another version is refused', async () => {
  const wanted = { ...HEAD, version: '9.9.9', identity: 'other' };
  expect(await refusal(() => checkSameCampaign(HEAD, wanted, 'a.json'))).toMatch(/version .*, expected 9\.9\.9/);
});

test('comments and layout of the card do not make another campaign', async () => {
  const wanted = shardHead(await setupOf(`# a comment\n${LINE_TOYS}`));
  expect(() => checkSameCampaign(HEAD, wanted, 'a.json')).not.toThrow();
});
