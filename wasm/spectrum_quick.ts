/**
 * The fits of spectrum_quick in AssemblyScript, in f32, four toys of one hypothesis side by side (formulae and plan:
 * src/kernels/spectrum_quick.ts). A lane is on its own: its result does not depend on which toys the others have.
 *
 * Steps: to the start t; Newton; one more with the same Hessian (a chord: only the gradient is new); then Newton again.
 * Without S: from the minimum with S along H^-1 e_S, two chords, then Newton.
 * `npm run make:wasm` compiles it into src/kernels/quick/loop.generated.js.
 */
import { decompose, solve, substituteBack } from './quick_algebra';
import { transpose, writeCode, writeLanes } from './quick_block';
import { combine, HESSIAN_ROW, project, square } from './quick_passes';
import { ratioSums } from './quick_ratio';

/** Words per hypothesis. */
const STRIDE = 6;
const MAX_STEPS = 12;
/** A step that leaves u > 0 goes back to this part of it. */
const BACK: f32 = 0.3;
const LEAST_PIVOT: f32 = 1e-4;
/**
 * Bounds of what z may lack, 9e-4 together: errors that the fit with S lacks; q that the one without lacks, which is the
 * square of its errors, over |z|: twice what z lacks.
 */
const ENOUGH: f32 = 6e-4;
const ENOUGH_NULL: f32 = 6e-4;
/** Chords are tried where u changes by less than this in a step of one error. */
const MOST_FOR_CHORDS: f32 = 0.6;

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
/** [toys of the block][nBins] u32; the same as f32, [groups][nBins][4]. */
let counts: usize = 0;
let lanes: usize = 0;
/**
 * [rows of a hypothesis][4]: counts, counts - mu, u - 1, what the gradient and the Hessian sum; u - 1 with S, and u along
 * H^-1 e_S. Constraints are rows like bins, with r t for u - 1.
 */
let n: usize = 0;
let beyond: usize = 0;
let change: usize = 0;
let pull: usize = 0;
let curvature: usize = 0;
let changeWith: usize = 0;
let along: usize = 0;
let nBinsOfToy: usize = 0;

/** The hypothesis: g of its first row, bytes per row, bins, bins and constraints, coordinates. */
let rows: usize = 0;
let stride: usize = 0;
let nBins: i32 = 0;
let nRows: i32 = 0;
let K: i32 = 0;
/** S per unit of the last coordinate. */
let scale: f32 = 0;
/** c: bound of the relative change of u in a step of one error. */
let steepness: f32 = 0;
let hasChords: bool = false;

/** Bytes between results of two toys; lanes that are wanted. */
let toyBytes: usize = 0;
let firstLane: u32 = 0;
let endLane: u32 = 4;
/** Lanes that do not decide; how far the others are from where their Hessian is, in errors. */
let failed: v128 = f32x4.splat(0);
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

/**
 * Toys 0 .. nToys - 1 of `counts`, of the first one hypotheses from `from` on, of the last one those below `to`; f64
 * [nToys][nHypotheses][4] to `result`. All toys of a hypothesis before the next one: its rows stay in the first cache.
 */
export function fitToys(nToys: u32, nHypotheses: u32, from: u32, to: u32, result: usize): void {
  transpose(counts, nToys, nBinsOfToy, lanes);
  toyBytes = (nHypotheses as usize) << 5;
  for (let h: u32 = 0; h < nHypotheses; h++) {
    const first: u32 = h >= from ? 0 : 1;
    const end: u32 = h < to ? nToys : nToys - 1;
    if (first >= end) continue;
    const head = hypotheses + ((h * STRIDE) << 2);
    const places = bins + ((load<u32>(head) as usize) << 2);
    nBins = load<u32>(head, 4);
    rows = allRows + ((load<u32>(head, 8) as usize) << 2) + 4;
    K = load<u32>(head, 12);
    nRows = nBins + load<u32>(head, 16);
    stride = ((1 + K) as usize) << 2;
    scale = load<f32>(scales + (h << 3));
    steepness = min<f32>(1, 2 * load<f32>(scales + (h << 3), 4));
    hasChords = steepness < MOST_FOR_CHORDS;
    for (let toy = first & ~3; toy < end; toy += 4) {
      firstLane = max(first, toy) - toy;
      endLane = min(4, end - toy);
      const at = result + (toy as usize) * toyBytes + ((h as usize) << 5);
      if (nBins === 0) writeCode(load<u32>(head, 20) as f64, at, toyBytes, firstLane, endLane);
      else fitLanes(lanes + ((((toy >> 2) as usize) * nBinsOfToy) << 4), places, at);
    }
  }
}

function fitLanes(toys: usize, places: usize, at: usize): void {
  start(toys, places);
  fitWithS();
  if (v128.all_true<i32>(failed)) return writeCode(1, at, toyBytes, firstLane, endLane);
  const v = fitWithoutS();
  for (let k: usize = 0; k < (K as usize) << 4; k += 16) {
    v128.store(STEP + k, f32x4.sub(v128.load(T + k), v128.load(T_WITH + k)));
  }
  combine(rows, stride, nRows, K, STEP, change);
  ratioSums(nBins, nRows, n, changeWith, change, along, GRADIENT);
  failed = v128.or(failed, v128.not(f32x4.ge(v128.load(GRADIENT, 32), f32x4.splat(0))));
  const tS = v128.load(T_WITH + ((K - 1) << 4));
  const z = f32x4.sqrt(v128.load(GRADIENT));
  const signedZ = v128.bitselect(f32x4.neg(z), z, f32x4.lt(tS, f32x4.splat(0)));
  const sHat = f32x4.mul(f32x4.splat(scale), tS);
  // (e v)^2/(v H v) is (H^-1)_SS up to the square of what v lacks of H^-1 e_S
  const sErr = f32x4.mul(f32x4.splat(scale), f32x4.div(v, f32x4.sqrt(v128.load(GRADIENT, 16))));
  writeLanes(signedZ, sHat, sErr, failed, at, toyBytes, firstLane, endLane, GRADIENT);
}

/** Counts of the hypothesis, and t after the step from the start. */
function start(toys: usize, places: usize): void {
  let events = f32x4.splat(0);
  let row = rows - 4;
  let at: usize = 0;
  for (const end = (nBins as usize) << 4; at < end; at += 16, places += 4, row += stride) {
    const count = v128.load(toys + ((load<u32>(places) as usize) << 4));
    const excess = f32x4.sub(count, v128.load32_splat(row));
    v128.store(n + at, count);
    v128.store(beyond + at, excess);
    v128.store(pull + at, excess);
    events = f32x4.add(events, count);
  }
  for (const end = (nRows as usize) << 4; at < end; at += 16, row += stride) {
    v128.store(pull + at, f32x4.neg(v128.load32_splat(row)));
    v128.store(curvature + at, f32x4.splat(1));
  }
  failed = f32x4.le(events, f32x4.splat(0));
  moved = f32x4.splat(0);
  project(rows, stride, nRows, K, pull, T);
  clear(FROM, K);
}

function clear(vector: usize, size: i32): void {
  for (const end = vector + ((size as usize) << 4); vector < end; vector += 16) v128.store(vector, f32x4.splat(0));
}

function fitWithS(): void {
  let active = v128.not(failed);
  for (let step = 0; step < MAX_STEPS && v128.any_true(active); step++) {
    const isChord = step === 1 && hasChords;
    // no Hessian yet where the first step went back
    const able = isChord ? v128.and(active, f32x4.gt(moved, f32x4.splat(0))) : active;
    if (!v128.any_true(able)) continue;
    const left = takeStep(K, able, isChord);
    active = v128.andnot(active, v128.or(failed, v128.and(able, f32x4.le(left, f32x4.splat(ENOUGH)))));
  }
  failed = v128.or(failed, active);
}

/** Returns (H^-1)_SS as the last Hessian with S has it. */
function fitWithoutS(): v128 {
  const S = (K - 1) << 4;
  clear(TOWARDS, K);
  v128.store(TOWARDS + S, v128.load(FACTOR + (K - 1) * HESSIAN_ROW + S));
  substituteBack(FACTOR, TOWARDS, K);
  const v = v128.load(TOWARDS + S);
  const length = f32x4.div(v128.load(T + S), v);
  combine(rows, stride, nRows, K, T, changeWith);
  combine(rows, stride, nRows, K, TOWARDS, along);
  for (let at: usize = 0; at < (K as usize) << 4; at += 16) {
    const t = v128.load(T + at);
    v128.store(T_WITH + at, t);
    v128.store(T + at, f32x4.sub(t, f32x4.mul(length, v128.load(TOWARDS + at))));
  }
  v128.store(T + S, f32x4.splat(0));
  clear(FROM, K);
  const z = f32x4.mul(f32x4.abs(length), f32x4.sqrt(v));
  const enough = f32x4.mul(f32x4.splat(ENOUGH_NULL), z);
  moved = f32x4.add(moved, z);
  let active = v128.not(failed);
  for (let step = 0; step < MAX_STEPS && v128.any_true(active); step++) {
    const left = takeStep(K - 1, active, step < 2 && hasChords);
    active = v128.andnot(active, v128.or(failed, f32x4.le(f32x4.mul(left, left), enough)));
  }
  failed = v128.or(failed, active);
  return v;
}

/**
 * One step in the first `size` coordinates, for lanes in `active`. Returns a bound of what it leaves, in errors: infinite
 * where it went back.
 */
function takeStep(size: i32, active: v128, isChord: bool): v128 {
  combine(rows, stride, nRows, size, T, change);
  const inside = f32x4.ge(weigh(), f32x4.splat(0));
  const back = v128.andnot(active, inside);
  let go = v128.and(active, inside);
  project(rows, stride, nRows, size, pull, GRADIENT);
  if (!isChord) {
    square(rows, stride, nRows, size, curvature, HESSIAN);
    const good = decompose(HESSIAN, FACTOR, size, go, LEAST_PIVOT);
    failed = v128.or(failed, v128.andnot(go, good));
    go = good;
  }
  const lambda = f32x4.sqrt(solve(FACTOR, GRADIENT, STEP, size));
  for (let at: usize = 0, end = (size as usize) << 4; at < end; at += 16) {
    const t = v128.load(T + at);
    const from = v128.load(FROM + at);
    const part = f32x4.add(from, f32x4.mul(f32x4.splat(BACK), f32x4.sub(t, from)));
    const next = v128.bitselect(f32x4.add(t, v128.load(STEP + at)), t, go);
    v128.store(T + at, v128.bitselect(part, next, back));
    v128.store(FROM + at, v128.bitselect(t, from, go));
  }
  const reach = isChord ? f32x4.add(moved, lambda) : lambda;
  moved = v128.bitselect(reach, moved, go);
  const left = f32x4.mul(f32x4.mul(f32x4.splat(2 * steepness), reach), lambda);
  return v128.bitselect(left, f32x4.splat(Infinity), go);
}

/**
 * pull = mu - n/u = (mu (u - 1) - (n - mu))/u, curvature = n/u^2 from u - 1 = change; returns the lowest n/u: below 0 where
 * a bin with events has u < 0.
 */
function weigh(): v128 {
  const one = f32x4.splat(1);
  let least = f32x4.splat(Infinity);
  let row = rows - 4;
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
