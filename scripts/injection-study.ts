/**
 * Injected yields whose median local Z is 3, 4, 5: how often the best window of the whole scan is within 2 resolutions of
 * the signal, beside predictions, and the local Z at the signal.
 *   npx tsx scripts/injection-study.ts [card] [toys] [signals]
 * Predictions, from toys that are not those of the measurement:
 *   window  count in the window of the signal ~ predictive with mean b + s, against the distribution of the best Z of
 *           background toys (one window: what the look-elsewhere effect alone says)
 *   nearby  the windows around the signal thrown with it (they overlap: those within 2 resolutions have more than one
 *           chance, those up to AROUND away hold parts of the signal and take some of its toys), against the
 *           distribution of the best Z of all windows beyond, which share no event with the ones that count
 */
import { readFileSync } from 'node:fs';
import { chooseBackend } from '../src/engine/choose-backend.ts';
import { parseCard } from '../src/io/card.ts';
import type { Card } from '../src/model/card.ts';
import { nodePlatform } from '../src/node/platform.ts';
import { prepareScan, type PreparedScan } from '../src/scan/prepare.ts';
import { zFromLnP } from '../src/stats/normal.ts';
import { throwToys } from '../src/toys/campaign.ts';
import { makeToyThrower } from '../src/toys/estimators/toy-field.ts';
import { isNear, nearInjections } from '../src/toys/near-injection.ts';
import { prepareToys, type ToySetup } from '../src/toys/prepare-toys.ts';
import type { ToyTally } from '../src/toys/tally.ts';

const [file = 'examples/dark-higgsstrahlung/card.yaml', nToys = '20000', nSignals = '5'] = process.argv.slice(2);
const { card } = parseCard(readFileSync(file, 'utf8'), file);
const TOYS = Number(nToys);
const FIELDS = 10_000;
/** Resolutions; windows of 2.7 within 2 of the signal share no event with windows beyond. */
const AROUND = 8;
const files = { read: () => Promise.reject(new Error('this study takes cards without files')) };
const { backend } = await chooseBackend({ backend: 'auto' }, nodePlatform);

const prepare = (of: Card): Promise<PreparedScan> => prepareScan(of, { files, seed: 1, unblind: false });
const prepared = await prepare(card);
const setup = await prepareToys(prepared, { seed: 1 });
const background = await tallyOf(setup);
console.log(`${card.name}: ${setup.windows.count} windows, ${TOYS} toys per point, on ${backend.info.description}`);
console.log(
  'wanted Z  x        y        n   b        signal   rate    +-      window  nearby  median Z at the signal (predicted)',
);

for (let i = 0; i < Number(nSignals); i++) {
  // spread over the windows by a step that is no divisor of their number
  const w = Math.floor(((i + 0.5) * 0.618033988749895 * setup.windows.count) % setup.windows.count);
  for (const z of [3, 4, 5]) await study(w, z, 100 * i + z);
}
await backend.close();

async function study(w: number, z: number, seed: number): Promise<void> {
  const { windows, tables } = setup;
  const { first, ranks, lnP } = tables.ranks;
  const zOf = (n: number) => zFromLnP(lnP[ranks[Math.min(first[w] + n, first[w + 1] - 1)]]);
  let n = 1;
  while (zOf(n) < z) n++;
  const [x, y] = [windows.x[w], windows.y[w]];
  const place = windows.kind === 'ellipses' ? { x, y } : { x };
  const b = tables.b0[w];
  // share of a signal in the window, from one of many events
  const probe = await withSignal({ ...place, events: 1000 }, seed);
  const inWindow = probe.injected[0].atoms.reduce((sum, e, a) => sum + (isIn(probe, a, w) ? e : 0), 0) / 1000;
  const events = (n - b) / inWindow;
  const signal = await withSignal({ ...place, events }, seed);
  const tally = await tallyOf(signal);
  const { share, share_low, share_high } = nearInjections(signal, tally)[0];

  const counts = new Uint32Array(windows.count);
  const thrower = makeToyThrower(signal.tables.arrays, seed + 50);
  const near = isNear(setup, x, y);
  const around = isNear(setup, x, y, AROUND);
  const close = [...around.keys()].filter((v) => around[v] === 1);
  const rankAt = (v: number) => ranks[Math.min(first[v] + counts[v], first[v + 1] - 1)];
  const atSignal: number[] = [];
  const nearby: number[] = [];
  for (let toy = 0; toy < FIELDS; toy++) {
    thrower(toy, counts);
    atSignal.push(rankAt(w));
    // the lowest number among ties
    const best = close.reduce((top, v) => (rankAt(v) > rankAt(top) ? v : top), close[0]);
    nearby.push(near[best] === 1 ? rankAt(best) : -1);
  }
  const median = (values: readonly number[]) => [...values].sort((p, q) => p - q)[values.length >> 1];
  const far = await farFrom(around);
  const row = [
    z.toFixed(0).padEnd(9),
    ...[x, y].map((value) => value.toFixed(3).padEnd(8)),
    String(n).padEnd(3),
    ...[b, events].map((value) => value.toPrecision(4).padEnd(8)),
    share.toFixed(4).padEnd(7),
    ((share_high - share_low) / 2).toFixed(4).padEnd(7),
    winning(atSignal, background, setup).toFixed(4).padEnd(7),
    winning(nearby, await tallyOf(far), far)
      .toFixed(4)
      .padEnd(7),
    `${zFromLnP(lnP[median(atSignal)]).toFixed(2)} (${zOf(n).toFixed(2)})`,
  ];
  console.log(row.join(' '));
}

/** Probability that a rank of the whole scan (-1: none) wins against the best of toys, by their ln p0; ties half. */
function winning(own: readonly number[], others: ToyTally, of: ToySetup): number {
  const { lnP } = setup.tables.ranks;
  const theirs = [...others.byRank].map(([rank, n]) => [of.tables.ranks.lnP[rank], n] as const);
  const total = theirs.reduce((sum, [, n]) => sum + n, 0);
  const rate = own.map((rank) =>
    rank < 0
      ? 0
      : theirs.reduce((sum, [p, n]) => {
          const isTie = Math.abs(p - lnP[rank]) <= 1e-9;
          return sum + (isTie ? 0.5 * n : p > lnP[rank] ? n : 0);
        }, 0),
  );
  return rate.reduce((sum, n) => sum + n / total, 0) / own.length;
}

/** The scan without the windows around the signal. */
async function farFrom(near: Uint8Array): Promise<ToySetup> {
  const blind = prepared.blind.slice();
  near.forEach((isClose, w) => isClose && (blind[setup.ids[w]] = 1));
  return prepareToys({ ...prepared, blind }, { seed: 1 });
}

function withSignal(injection: { x: number; y?: number; events: number }, seed: number): Promise<ToySetup> {
  const changed = { ...prepared, card: { ...card, simulation: { inject: [injection] } } };
  return prepareToys(changed, { seed, inject: true });
}

function isIn({ atoms }: ToySetup, atom: number, w: number): boolean {
  return atoms.windows.subarray(atoms.first[atom], atoms.first[atom + 1]).includes(w);
}

async function tallyOf(of: ToySetup): Promise<ToyTally> {
  return (await throwToys(of, backend, { from: 0, to: TOYS })).tally;
}
