/**
 * The fits of spectrum_quick in AssemblyScript, in f32, four toys of one hypothesis side by side (formulae and plan:
 * src/kernels/spectrum_quick.ts). A lane is on its own: its result does not depend on which toys the others have.
 *
 * Steps: to the start t; Newton; one more step with the same Hessian ("chord": only the gradient is computed anew); then
 * Newton again. Without S: from the minimum with S along H^-1 e_S, then two chords, then Newton. What a step leaves is at
 * most 2 r lambda, lambda its length in errors, r the largest relative change of u since the Hessian; |x_i| <= c |step|.
 * `npm run make:wasm` compiles it into src/kernels/quick/loop.generated.js.
 */
import { decompose, solve, substituteBack } from './quick_algebra';
import { combine, project, square } from './quick_passes';

const STRIDE = 6;
const MAX_STEPS = 12;
/** A step that leaves u > 0 goes back to this part of it. */
const BACK: f32 = 0.3;
const LEAST_PIVOT: f32 = 1e-4;
/** What the fit with S may lack, in errors; the same squared for the one without, over |z|. */
const ENOUGH: f32 = 2e-4;
const ENOUGH_NULL: f32 = 4e-4;
/** Chords are tried where u changes by less than this in a step of one error. */
const MOST_FOR_CHORDS: f32 = 0.3;
/** ln(1 + x) as a series in x/(2 + x) up to this. */
const SERIES_ENDS: f32 = 0.25;

/** [12] coordinates, each for four toys. */
const T = memory.data(192, 16);
const T_WITH = memory.data(192, 16);
const FROM = memory.data(192, 16);
const STEP = memory.data(192, 16);
const GRADIENT = memory.data(192, 16);
const TOWARDS = memory.data(192, 16);
/** [12][12] */
const HESSIAN = memory.data(2304, 16);
const FACTOR = memory.data(2304, 16);

/** Byte addresses in linear memory, placed by src/kernels/quick/wasm.ts. */
let hypotheses: usize = 0;
let bins: usize = 0;
let allRows: usize = 0;
let scales: usize = 0;
/** [toys of the block][nBins] u32; the same as f32 for four toys, [groups][nBins][4]. */
let counts: usize = 0;
let lanes: usize = 0;
/** [rows of a hypothesis][4]: counts, counts - mu, g t, what the gradient and the Hessian sum; u - 1 with S and along H^-1 e_S. */
let n: usize = 0;
let beyond: usize = 0;
let change: usize = 0;
let pull: usize = 0;
let curvature: usize = 0;
let changeWith: usize = 0;
let along: usize = 0;
let nBinsOfToy: usize = 0;

/** The hypothesis: rows, bytes per row, bins, rows with constraints, coordinates. */
let rows: usize = 0;
let stride: usize = 0;
let nBins: i32 = 0;
let nRows: i32 = 0;
let K: i32 = 0;
/** c: bound of the relative change of u in a step of one error. */
let steepness: f32 = 0;
let hasChords: bool = false;

/** Lanes without a decision; the state of the four toys. */
let failed: v128 = f32x4.splat(0);
/** Newton decrements since the last Hessian, summed. */
let moved: v128 = f32x4.splat(0);

export function heapBase(): usize {
  return __heap_base;
}

/** @param places addresses in the order of the lines below */
export function setTables(places: usize, binsOfToy: u32): void {
  hypotheses = load<u32>(places);
  bins = load<u32>(places, 4);
  allRows = load<u32>(places, 8);
  scales = load<u32>(places, 12);
  counts = load<u32>(places, 16);
  lanes = load<u32>(places, 20);
  n = load<u32>(places, 24);
  beyond = load<u32>(places, 28);
  change = load<u32>(places, 32);
  pull = load<u32>(places, 36);
  curvature = load<u32>(places, 40);
  changeWith = load<u32>(places, 44);
  along = load<u32>(places, 48);
  nBinsOfToy = binsOfToy;
}

/** Toys 0 .. nToys - 1 of `counts`, hypotheses from .. to - 1; f64 [nToys][to - from][4] to `result`. */
export function fitToys(nToys: u32, from: u32, to: u32, result: usize): void {
  transpose(nToys);
  const toyBytes = ((to - from) as usize) << 5;
  for (let h = from; h < to; h++) {
    const head = hypotheses + ((h * STRIDE) << 2);
    const first = bins + ((load<u32>(head) as usize) << 2);
    nBins = load<u32>(head, 4);
    rows = allRows + ((load<u32>(head, 8) as usize) << 2);
    K = load<u32>(head, 12);
    nRows = nBins + load<u32>(head, 16);
    stride = ((1 + K) as usize) << 2;
    const scale = load<f32>(scales + (h << 3));
    const longest = load<f32>(scales + (h << 3), 4);
    steepness = min<f32>(1, 2 * longest);
    hasChords = steepness < MOST_FOR_CHORDS;
    for (let toy: u32 = 0; toy < nToys; toy += 4) {
      const at = result + (toy as usize) * toyBytes + (((h - from) as usize) << 5);
      const size = min(4, nToys - toy);
      if (nBins === 0) writeCode(load<u32>(head, 20) as f64, at, toyBytes, size);
      else {
        fitLanes(lanes + (((toy >> 2) as usize) * nBinsOfToy << 4), first);
        write(scale, at, toyBytes, size);
      }
    }
  }
}

/** Lanes beyond the last toy repeat it. */
function transpose(nToys: u32): void {
  const last = nToys - 1;
  for (let toy: u32 = 0; toy < nToys; toy += 4) {
    const c0 = counts + ((toy as usize) * nBinsOfToy << 2);
    const c1 = counts + ((min(toy + 1, last) as usize) * nBinsOfToy << 2);
    const c2 = counts + ((min(toy + 2, last) as usize) * nBinsOfToy << 2);
    const c3 = counts + ((min(toy + 3, last) as usize) * nBinsOfToy << 2);
    const out = lanes + (((toy >> 2) as usize) * nBinsOfToy << 4);
    for (let i: usize = 0; i < nBinsOfToy << 2; i += 4) {
      let four = v128.load32_zero(c0 + i);
      four = v128.load_lane<u32>(c1 + i, four, 1);
      four = v128.load_lane<u32>(c2 + i, four, 2);
      four = v128.load_lane<u32>(c3 + i, four, 3);
      v128.store(out + (i << 2), f32x4.convert_i32x4_u(four));
    }
  }
}

let variance: v128 = f32x4.splat(0);
let twice: v128 = f32x4.splat(0);

function writeCode(code: f64, at: usize, toyBytes: usize, size: u32): void {
  for (let lane: u32 = 0; lane < size; lane++, at += toyBytes) {
    store<f64>(at, 0);
    store<f64>(at, 0, 8);
    store<f64>(at, 0, 16);
    store<f64>(at, code, 24);
  }
}

function write(scale: f32, at: usize, toyBytes: usize, size: u32): void {
  const zero = f32x4.splat(0);
  const tS = v128.load(T_WITH + ((K - 1) << 4));
  const isNegative = f32x4.lt(tS, zero);
  const size0 = f32x4.sqrt(f32x4.max(twice, zero));
  const z = v128.bitselect(f32x4.neg(size0), size0, isNegative);
  const sHat = f32x4.mul(f32x4.splat(scale), tS);
  const sErr = f32x4.mul(f32x4.splat(scale), f32x4.sqrt(variance));
  // what is not a finite number is no result
  const sum = f32x4.add(f32x4.add(z, sHat), sErr);
  const bad = v128.or(failed, v128.not(f32x4.lt(f32x4.abs(sum), f32x4.splat(Infinity))));
  const scratch = GRADIENT;
  v128.store(scratch, v128.andnot(z, bad));
  v128.store(scratch, v128.andnot(sHat, bad), 16);
  v128.store(scratch, v128.andnot(sErr, bad), 32);
  v128.store(scratch, v128.and(f32x4.splat(1), bad), 48);
  for (let lane: usize = 0; lane < size; lane++, at += toyBytes) {
    const from = scratch + (lane << 2);
    store<f64>(at, load<f32>(from) as f64);
    store<f64>(at, load<f32>(from, 16) as f64, 8);
    store<f64>(at, load<f32>(from, 32) as f64, 16);
    store<f64>(at, load<f32>(from, 48) as f64, 24);
  }
}

function fitLanes(toyLanes: usize, first: usize): void {
  loadCounts(toyLanes, first);
  memory.fill(FROM, 0, 192);
  firstFit();
  if (v128.all_true<i32>(failed)) return;
  nullFit();
  likelihoodRatio();
}

/** n, and the step from the start to t. */
function loadCounts(toyLanes: usize, first: usize): void {
  let events = f32x4.splat(0);
  let row = rows;
  for (let i = 0; i < nRows; i++, row += stride) {
    const mu = v128.load32_splat(row);
    if (i < nBins) {
      const count = v128.load(toyLanes + ((load<u32>(first + (i << 2)) as usize) << 4));
      const excess = f32x4.sub(count, mu);
      v128.store(n + (i << 4), count);
      v128.store(beyond + (i << 4), excess);
      v128.store(pull + (i << 4), excess);
      events = f32x4.add(events, count);
    } else {
      v128.store(pull + (i << 4), f32x4.neg(mu));
      v128.store(curvature + (i << 4), f32x4.splat(1));
    }
  }
  failed = f32x4.le(events, f32x4.splat(0));
  project(rows + 4, stride, nRows, K, pull, T);
}

/**
 * pull = mu - n/u = (mu (u - 1) - (n - mu))/u, curvature = n/u^2 from u - 1 = change; the lowest n/u: below 0 where a bin
 * with events has u < 0.
 */
function weigh(): v128 {
  const one = f32x4.splat(1);
  let least = f32x4.splat(Infinity);
  let row = rows;
  let at: usize = 0;
  for (const end = (nBins as usize) << 4; at < end; at += 16, row += stride) {
    const d = v128.load(change + at);
    const inverse = f32x4.div(one, f32x4.add(one, d));
    const ratio = f32x4.mul(v128.load(n + at), inverse);
    least = f32x4.min(least, ratio);
    v128.store(curvature + at, f32x4.mul(ratio, inverse));
    const excess = f32x4.sub(f32x4.mul(v128.load32_splat(row), d), v128.load(beyond + at));
    v128.store(pull + at, f32x4.mul(excess, inverse));
  }
  for (const end = (nRows as usize) << 4; at < end; at += 16, row += stride) {
    v128.store(pull + at, f32x4.add(v128.load32_splat(row), v128.load(change + at)));
  }
  return least;
}

/**
 * One step of all lanes in `active`, in the first `size` coordinates; returns those that have ended. `length` is how far
 * the Hessian of a chord is already.
 */
function takeStep(size: i32, active: v128, isChord: bool, length: v128, isNull: bool, zSize: v128): v128 {
  const zero = f32x4.splat(0);
  const inside = f32x4.ge(weigh(), zero);
  let go = v128.and(active, inside);
  const back = v128.andnot(active, inside);
  project(rows + 4, stride, nRows, size, pull, GRADIENT);
  if (!isChord) {
    square(rows + 4, stride, nRows, size, curvature, HESSIAN);
    const good = decompose(HESSIAN, FACTOR, size, go, LEAST_PIVOT);
    failed = v128.or(failed, v128.andnot(go, good));
    go = good;
  }
  const lambda = f32x4.sqrt(solve(FACTOR, GRADIENT, STEP, size));
  const part = f32x4.splat(BACK);
  for (let at: usize = 0, end = (size as usize) << 4; at < end; at += 16) {
    const t = v128.load(T + at);
    const from = v128.load(FROM + at);
    const retreat = f32x4.add(from, f32x4.mul(part, f32x4.sub(t, from)));
    const next = v128.bitselect(f32x4.add(t, v128.load(STEP + at)), t, go);
    v128.store(T + at, v128.bitselect(retreat, next, back));
    v128.store(FROM + at, v128.bitselect(t, from, go));
  }
  const reach = isChord ? f32x4.add(length, lambda) : lambda;
  moved = v128.bitselect(reach, moved, go);
  const left = f32x4.mul(f32x4.mul(f32x4.splat(2 * steepness), reach), lambda);
  const isEnough = isNull
    ? f32x4.le(f32x4.mul(left, left), f32x4.mul(f32x4.splat(ENOUGH_NULL), zSize))
    : f32x4.le(left, f32x4.splat(ENOUGH));
  return v128.and(go, isEnough);
}

function firstFit(): void {
  const zero = f32x4.splat(0);
  let active = v128.not(failed);
  moved = zero;
  for (let step = 0; step < MAX_STEPS && v128.any_true(active); step++) {
    const isChord = step === 1 && hasChords;
    const able = isChord ? v128.and(active, f32x4.gt(moved, zero)) : active;
    if (!v128.any_true(able)) continue;
    combine(rows + 4, stride, nRows, K, T, change);
    active = v128.andnot(active, takeStep(K, able, isChord, moved, false, zero));
    active = v128.andnot(active, failed);
  }
  failed = v128.or(failed, active);
  memory.copy(T_WITH, T, (K as usize) << 4);
}

function nullFit(): void {
  const last = (K - 1) << 4;
  const S = K - 1;
  memory.fill(TOWARDS, 0, (K as usize) << 4);
  v128.store(TOWARDS + last, v128.load(FACTOR + S * 192 + (S << 4)));
  substituteBack(FACTOR, TOWARDS, K);
  const tS = v128.load(T + last);
  variance = v128.load(TOWARDS + last);
  const length = f32x4.div(tS, variance);
  const zSize = f32x4.div(f32x4.abs(tS), f32x4.sqrt(variance));
  combine(rows + 4, stride, nRows, K, T, changeWith);
  combine(rows + 4, stride, nRows, K, TOWARDS, along);
  for (let at: usize = 0, end = (nRows as usize) << 4; at < end; at += 16) {
    v128.store(change + at, f32x4.sub(v128.load(changeWith + at), f32x4.mul(length, v128.load(along + at))));
  }
  for (let at: usize = 0; at < (last as usize); at += 16) {
    v128.store(T + at, f32x4.sub(v128.load(T + at), f32x4.mul(length, v128.load(TOWARDS + at))));
  }
  v128.store(T + last, f32x4.splat(0));
  memory.fill(FROM, 0, 192);
  moved = f32x4.add(moved, zSize);
  let active = v128.not(failed);
  for (let step = 0; step < MAX_STEPS && v128.any_true(active); step++) {
    const isChord = step < 2 && hasChords;
    if (step > 0) combine(rows + 4, stride, nRows, K - 1, T, change);
    active = v128.andnot(active, takeStep(K - 1, active, isChord, moved, true, zSize));
    active = v128.andnot(active, failed);
  }
  failed = v128.or(failed, active);
}

/** q of the two fits, the variance of t_S with the Hessian at its minimum; fails lanes with u < 0 in any bin. */
function likelihoodRatio(): void {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const two = f32x4.splat(2);
  for (let at: usize = 0, end = (K as usize) << 4; at < end; at += 16) {
    v128.store(STEP + at, f32x4.sub(v128.load(T + at), v128.load(T_WITH + at)));
  }
  combine(rows + 4, stride, nRows, K, STEP, change);
  let sum = zero;
  let spread = zero;
  let lowest = one;
  let largest = zero;
  let at: usize = 0;
  for (const end = (nBins as usize) << 4; at < end; at += 16) {
    const d = v128.load(change + at);
    const u1 = f32x4.add(one, v128.load(changeWith + at));
    const u0 = f32x4.add(u1, d);
    const both = f32x4.add(u0, u1);
    lowest = f32x4.min(lowest, f32x4.min(u0, u1));
    const count = v128.load(n + at);
    const inverse = f32x4.div(one, f32x4.mul(u1, both));
    const x = f32x4.mul(f32x4.mul(d, both), inverse);
    const y = f32x4.mul(f32x4.mul(d, u1), inverse);
    largest = f32x4.max(largest, v128.bitselect(f32x4.abs(y), zero, f32x4.gt(count, zero)));
    sum = f32x4.add(sum, f32x4.mul(count, rest(x, y)));
    const slope = f32x4.mul(f32x4.mul(v128.load(along + at), both), inverse);
    spread = f32x4.add(spread, f32x4.mul(count, f32x4.mul(slope, slope)));
  }
  const isBroad = v128.not(f32x4.lt(largest, f32x4.splat(SERIES_ENDS)));
  if (v128.any_true(v128.andnot(isBroad, failed))) sum = v128.bitselect(broadSum(), sum, isBroad);
  sum = f32x4.mul(two, sum);
  for (const end = (nRows as usize) << 4; at < end; at += 16) {
    const d = v128.load(change + at);
    sum = f32x4.add(sum, f32x4.mul(d, d));
    const slope = v128.load(along + at);
    spread = f32x4.add(spread, f32x4.mul(slope, slope));
  }
  failed = v128.or(failed, v128.not(f32x4.ge(lowest, zero)));
  twice = sum;
  variance = f32x4.div(f32x4.mul(variance, variance), spread);
}

/** x - ln(1 + x) = x y - 2 y^3 (1/3 + y^2/5 + ...) with y = x/(2 + x). */
@inline
function rest(x: v128, y: v128): v128 {
  const y2 = f32x4.mul(y, y);
  let series = f32x4.add(f32x4.splat(2.0 / 7.0), f32x4.mul(y2, f32x4.splat(2.0 / 9.0)));
  series = f32x4.add(f32x4.splat(2.0 / 5.0), f32x4.mul(y2, series));
  series = f32x4.add(f32x4.splat(2.0 / 3.0), f32x4.mul(y2, series));
  return f32x4.mul(y, f32x4.sub(x, f32x4.mul(y2, series)));
}

/** The same sum where the series does not do: few events. */
function broadSum(): v128 {
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  let sum = zero;
  for (let at: usize = 0, end = (nBins as usize) << 4; at < end; at += 16) {
    const d = v128.load(change + at);
    const u1 = f32x4.add(one, v128.load(changeWith + at));
    const u0 = f32x4.add(u1, d);
    const x = f32x4.div(d, u1);
    const y = f32x4.div(d, f32x4.add(u0, u1));
    const isNarrow = f32x4.lt(f32x4.abs(y), f32x4.splat(SERIES_ENDS));
    const term = v128.bitselect(rest(x, y), f32x4.sub(x, logarithm(f32x4.div(u0, u1))), isNarrow);
    const count = v128.load(n + at);
    sum = f32x4.add(sum, v128.and(f32x4.mul(count, term), f32x4.gt(count, zero)));
  }
  return sum;
}

/** ln x to 1e-7 for x > 0: 2^e (1 + f) with f between sqrt(1/2) - 1 and sqrt(2) - 1, the series of above for 1 + f. */
function logarithm(x: v128): v128 {
  const offset = i32x4.splat(0x3f3504f3);
  const shifted = i32x4.sub(x, offset);
  const exponent = i32x4.shr_s(shifted, 23);
  const m = i32x4.sub(x, i32x4.shl(exponent, 23));
  const one = f32x4.splat(1);
  const y = f32x4.div(f32x4.sub(m, one), f32x4.add(m, one));
  const y2 = f32x4.mul(y, y);
  let series = f32x4.add(f32x4.splat(2.0 / 7.0), f32x4.mul(y2, f32x4.splat(2.0 / 9.0)));
  series = f32x4.add(f32x4.splat(2.0 / 5.0), f32x4.mul(y2, series));
  series = f32x4.add(f32x4.splat(2.0 / 3.0), f32x4.mul(y2, series));
  series = f32x4.mul(y, f32x4.add(f32x4.splat(2), f32x4.mul(y2, series)));
  return f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(exponent), f32x4.splat(0.6931471805599453)), series);
}
