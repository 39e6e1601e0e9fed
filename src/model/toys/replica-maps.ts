/**
 * Simulation statistics as replica maps (methods.md section 6): replica k gives simulated event i the weight w_i G_i(k)
 * with G ~ Exponential(1), the weights of the Bayesian bootstrap (D. B. Rubin, Ann. Stat. 9 (1981) 130) without their
 * normalisation. Sums over regions are a Gamma process: mean sum w, variance sum w^2, independent between disjoint
 * regions, and overlapping windows share the events they share. N equal weights in a window are Gamma(N) w exactly; the
 * p0 of that window uses Gamma(N + 1) w (section 2: flat prior in b), one event more, which is on the conservative side.
 * A window without simulated events has no events in any toy.
 *
 * Over the replicas of one event the uniforms of G are stratified (a Latin hypercube, stats/latin-hypercube.ts): event i
 * has part (a_i k + b_i) mod R of R, a_i coprime to R. Means over replicas are then sum w much closer than to 1/sqrt(R).
 */
import { DarkscanError } from '../../errors.ts';
import { philox4x32 } from '../../stats/philox.ts';
import { log } from '../../stats/portable.ts';

/** A simulated sample by atoms. */
export interface SimulatedAtoms {
  /** [nEvents] atom of an event; 0: in no region. */
  readonly atoms: Uint32Array;
  /** [nEvents] weights, the scale of the sample included; may be negative. */
  readonly weights: Float64Array;
}

/** Streams of replica maps: this one and those after it, one per sample. */
const REPLICA_STREAM = 0xfffc0000;
const [WEIGHT_DRAW, STEP_DRAW, SHIFT_DRAW] = [0, 1, 2];
const SCALE = 2 ** -32;
const MOST_EVENTS = 2 ** 31;

/**
 * [nReplicas][nAtoms] expected events.
 * Negative weights: what is negative in an atom is cut to 0 and the rest scaled, so that the sum over atoms is kept.
 * @param sample number of the sample in the card, for its stream
 */
export function replicaMaps(
  { atoms, weights }: SimulatedAtoms,
  nAtoms: number,
  nReplicas: number,
  seed: number,
  sample: number,
): Float64Array[] {
  const maps = Array.from({ length: nReplicas }, () => new Float64Array(nAtoms));
  visitReplicas(atoms, nReplicas, seed, REPLICA_STREAM + sample, (k, i, u) => {
    maps[k][atoms[i]] -= weights[i] * log(u);
  });
  const hasNegative = weights.some((w, i) => w < 0 && atoms[i] > 0);
  return hasNegative ? maps.map(withoutNegative) : maps;
}

/**
 * A uniform number in (0, 1) for every replica k and every event i in some region, all events of a replica in turn.
 * Random words: key = seed; counter = (event / 4, replica, stream, draw): they depend on the number of an event in its
 * sample, not on the windows. Error (kind resource): more events than a counter has room for.
 */
export function visitReplicas(
  atoms: Uint32Array,
  nReplicas: number,
  seed: number,
  stream: number,
  visit: (k: number, i: number, u: number) => void,
): void {
  if (atoms.length > MOST_EVENTS) {
    const message = `toys: ${atoms.length} simulated events, at most ${MOST_EVENTS}`;
    throw new DarkscanError('resource', `${message}; use a smaller sample`);
  }
  const [keyLow, keyHigh] = [seed >>> 0, Math.floor(seed / 2 ** 32)];
  const parts = strata(atoms.length, nReplicas, keyLow, keyHigh, stream);
  const words = new Uint32Array(4);
  for (let k = 0; k < nReplicas; k++) {
    for (let first = 0; first < atoms.length; first += 4) {
      const end = Math.min(first + 4, atoms.length);
      let isOutside = true;
      for (let i = first; i < end; i++) isOutside = isOutside && atoms[i] === 0;
      if (isOutside) continue;
      philox4x32(words, first >>> 2, k, stream, WEIGHT_DRAW, keyLow, keyHigh);
      for (let i = first; i < end; i++) {
        if (atoms[i] === 0) continue;
        const part = (parts.step[i] * k + parts.shift[i]) % nReplicas;
        visit(k, i, (part + (words[i - first] + 0.5) * SCALE) / nReplicas);
      }
    }
  }
}

/** [nEvents] a_i and b_i: event i has part (a_i k + b_i) mod n in replica k. */
function strata(nEvents: number, n: number, keyLow: number, keyHigh: number, stream: number) {
  const units = Uint32Array.from({ length: n }, (_, a) => a + 1).filter((a) => greatestDivisor(a, n) === 1);
  const [step, shift] = [new Uint32Array(nEvents), new Uint32Array(nEvents)];
  const words = new Uint32Array(4);
  for (let first = 0; first < nEvents; first += 4) {
    const end = Math.min(first + 4, nEvents);
    philox4x32(words, first >>> 2, 0, stream, STEP_DRAW, keyLow, keyHigh);
    for (let i = first; i < end; i++) step[i] = units[Math.floor(words[i - first] * SCALE * units.length)];
    philox4x32(words, first >>> 2, 0, stream, SHIFT_DRAW, keyLow, keyHigh);
    for (let i = first; i < end; i++) shift[i] = Math.floor(words[i - first] * SCALE * n);
  }
  return { step, shift };
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

/** Negative numbers cut to 0, the rest scaled to the same sum, or to 0 where that is negative. */
export function withoutNegative(map: Float64Array): Float64Array {
  let [sum, positive] = [0, 0];
  for (const events of map) {
    sum += events;
    positive += Math.max(0, events);
  }
  const scale = positive > 0 ? Math.max(0, sum) / positive : 0;
  return map.map((events) => scale * Math.max(0, events));
}
