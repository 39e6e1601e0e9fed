// Extended binned likelihood fits of one toy and one hypothesis, with and without signal: z, S^, its error, code. Formula,
// plan and f64 twin: src/kernels/spectrum_quick.ts. One invocation per fit pair; z to 1e-3 where the code is 0.
// Up to 12 parameters (else code 1); plans have no bin above 2^22 expected events, where mu in f32 is 1.2e-4 in z. Items of complete toys go hypothesis by hypothesis, so that neighbouring
// invocations read the same rows of the plan. Sums over bins are vectors with fixed names (they stay in registers);
// gradient, Hessian (packed lower triangle) and coordinates are arrays for the few operations on them after each sum.
//
// f32: pulls are formed as (mu - n) + n d/u, d = g t, u = 1 + d; -ln L itself is never needed.

const MOST_PARAMS = 12u;
/// Steps of both fits.
const MOST_STEPS = 24u;
const BACK = 0.3;
const LEAST_PIVOT = 1e-4;
/// A bin with events is outside below this part of its expected mean (keeps n/u^2 finite).
const LEAST_MEAN = 1e-4;
/// Errors of the coordinates after the last step: what z may be off.
const LEFT_WITH = 1e-4;
const LEFT_WITHOUT = 2e-4;

alias Row = array<f32, MOST_PARAMS>;
var<private> K: u32;
var<private> n_fitted: u32;
var<private> n_rows: u32;
var<private> first_bin: u32;
var<private> first_count: u32;
var<private> first_row: u32;
var<private> t: Row;
var<private> step: Row;
var<private> gradient: Row;
/// Hessian, then its Cholesky factor; [k][l] at k (k + 1)/2 + l.
var<private> hessian: array<f32, 78>;
/// Least u of the bins with events.
var<private> lowest: f32;

fn row_of(k: u32) -> u32 { return k * (k + 1u) / 2u; }
fn count_at(i: u32) -> f32 { return f32(counts[first_count + bins[first_bin + i]]); }
/// Four numbers of a row; what is beyond its end belongs to the next one, meets t = 0, and is not used.
fn four(at: u32) -> vec4f { return vec4f(rows[at], rows[at + 1u], rows[at + 2u], rows[at + 3u]); }

/// x - ln(1 + x) > 0 without cancellation, x > -1: x s - 2 (s^3/3 + s^5/5 + ...), s = x/(2 + x).
fn minus_log1p(x: f32) -> f32 {
  if (abs(x) > 0.4) { return x - log(1.0 + x); }
  let s = x / (2.0 + x);
  let z = s * s;
  return s * (x - 2.0 * z * (0.33333333 + z * (0.2 + z * (0.14285715 + z * (0.11111111 + z * 0.090909)))));
}

/// Gradient at t and, if wanted, Hessian, of the first `size` coordinates; false where a bin with events is outside.
fn evaluate(size: u32, with_hessian: bool) -> bool {
  let ta = vec4f(t[0], t[1], t[2], t[3]);
  let tb = vec4f(t[4], t[5], t[6], t[7]);
  let tc = vec4f(t[8], t[9], t[10], t[11]);
  var ga = vec4f(); var gb = vec4f(); var gc = vec4f();
  var a0 = 0.0; var a1 = vec2f(); var a2 = vec3f(); var a3 = vec4f();
  var a4 = vec4f(); var a5 = vec4f(); var a6 = vec4f(); var a7 = vec4f();
  var b4 = 0.0; var b5 = vec2f(); var b6 = vec3f(); var b7 = vec4f();
  var a8 = vec4f(); var a9 = vec4f(); var a10 = vec4f(); var a11 = vec4f();
  var b8 = vec4f(); var b9 = vec4f(); var b10 = vec4f(); var b11 = vec4f();
  var c8 = 0.0; var c9 = vec2f(); var c10 = vec3f(); var c11 = vec4f();
  lowest = 1e30;
  for (var i = 0u; i < n_rows; i++) {
    let at = first_row + i * (1u + K);
    let a = four(at + 1u);
    var b = vec4f();
    var c = vec4f();
    var d = dot(a, ta);
    if (K > 4u) { b = four(at + 5u); d += dot(b, tb); }
    if (K > 8u) { c = four(at + 9u); d += dot(c, tc); }
    var pull = rows[at];
    var weight = 0.0;
    if (i < n_fitted) {
      let n = count_at(i);
      if (n > 0.0) {
        let u = 1.0 + d;
        if (u < LEAST_MEAN) { return false; }
        lowest = min(lowest, u);
        pull = (pull - n) + n * (d / u);
        weight = n / (u * u);
      }
    } else {
      pull += d;
      weight = 1.0;
    }
    ga += pull * a;
    gb += pull * b;
    gc += pull * c;
    if (!with_hessian || weight == 0.0) { continue; }
    let wa = weight * a;
    a0 += wa.x * a.x;
    a1 += wa.y * a.xy;
    a2 += wa.z * a.xyz;
    a3 += wa.w * a;
    if (size <= 4u) { continue; }
    let wb = weight * b;
    a4 += wb.x * a; b4 += wb.x * b.x;
    if (size > 5u) { a5 += wb.y * a; b5 += wb.y * b.xy; }
    if (size > 6u) { a6 += wb.z * a; b6 += wb.z * b.xyz; }
    if (size > 7u) { a7 += wb.w * a; b7 += wb.w * b; }
    if (size <= 8u) { continue; }
    let wc = weight * c;
    a8 += wc.x * a; b8 += wc.x * b; c8 += wc.x * c.x;
    if (size > 9u) { a9 += wc.y * a; b9 += wc.y * b; c9 += wc.y * c.xy; }
    if (size > 10u) { a10 += wc.z * a; b10 += wc.z * b; c10 += wc.z * c.xyz; }
    if (size > 11u) { a11 += wc.w * a; b11 += wc.w * b; c11 += wc.w * c; }
  }
  gradient = Row(ga.x, ga.y, ga.z, ga.w, gb.x, gb.y, gb.z, gb.w, gc.x, gc.y, gc.z, gc.w);
  hessian = array<f32, 78>(
    a0, a1.x, a1.y, a2.x, a2.y, a2.z, a3.x, a3.y, a3.z, a3.w,
    a4.x, a4.y, a4.z, a4.w, b4, a5.x, a5.y, a5.z, a5.w, b5.x, b5.y,
    a6.x, a6.y, a6.z, a6.w, b6.x, b6.y, b6.z, a7.x, a7.y, a7.z, a7.w, b7.x, b7.y, b7.z, b7.w,
    a8.x, a8.y, a8.z, a8.w, b8.x, b8.y, b8.z, b8.w, c8,
    a9.x, a9.y, a9.z, a9.w, b9.x, b9.y, b9.z, b9.w, c9.x, c9.y,
    a10.x, a10.y, a10.z, a10.w, b10.x, b10.y, b10.z, b10.w, c10.x, c10.y, c10.z,
    a11.x, a11.y, a11.z, a11.w, b11.x, b11.y, b11.z, b11.w, c11.x, c11.y, c11.z, c11.w);
  return true;
}

/// Cholesky factor in the place of the Hessian; false where the events do not determine the coordinates.
fn decompose(size: u32) -> bool {
  for (var k = 0u; k < size; k++) {
    for (var l = 0u; l <= k; l++) {
      var value = hessian[row_of(k) + l];
      for (var j = 0u; j < l; j++) { value -= hessian[row_of(k) + j] * hessian[row_of(l) + j]; }
      if (l < k) { hessian[row_of(k) + l] = value / hessian[row_of(l) + l]; continue; }
      if (!(value > LEAST_PIVOT)) { return false; }
      hessian[row_of(k) + k] = sqrt(value);
    }
  }
  return true;
}

fn solve_back(size: u32) {
  for (var i = size; i > 0u; i--) {
    let k = i - 1u;
    var value = step[k];
    for (var j = i; j < size; j++) { value -= hessian[row_of(j) + k] * step[j]; }
    step[k] = value / hessian[row_of(k) + k];
  }
}

/// step = -H^-1 gradient; the squared Newton decrement.
fn solve(size: u32) -> f32 {
  var decrement = 0.0;
  for (var k = 0u; k < size; k++) {
    var value = -gradient[k];
    for (var j = 0u; j < k; j++) { value -= hessian[row_of(k) + j] * step[j]; }
    step[k] = value / hessian[row_of(k) + k];
    decrement += step[k] * step[k];
  }
  solve_back(size);
  return decrement;
}

/// 2 dlnL between the fit with S, t = with_signal, and that without, t: -1 where a bin without events has u < 0.
fn twice_delta_ln_l(with_signal: ptr<function, Row>) -> f32 {
  var sum = 0.0;
  for (var i = 0u; i < n_rows; i++) {
    let at = first_row + i * (1u + K) + 1u;
    var d = 0.0;
    var change = 0.0;
    for (var k = 0u; k < K; k++) {
      d += rows[at + k] * (*with_signal)[k];
      change += rows[at + k] * (t[k] - (*with_signal)[k]);
    }
    if (i >= n_fitted) { sum += 0.5 * change * change; continue; }
    let n = count_at(i);
    let u = 1.0 + d;
    if (n > 0.0) { sum += n * minus_log1p(change / u); }
    else if (u < 0.0 || u + change < 0.0) { return -1.0; }
  }
  return 2.0 * sum;
}

/// Item of an invocation: of the complete toys in the range hypothesis by hypothesis, of the others one after the other.
fn item_of(invocation: u32) -> u32 {
  let into = params.first % params.n_hypotheses;
  let head = min(params.count, select(params.n_hypotheses - into, 0u, into == 0u));
  let n_toys = (params.count - head) / params.n_hypotheses;
  let place = invocation - head;
  if (invocation < head || place >= n_toys * params.n_hypotheses) { return params.first + invocation; }
  return params.first + head + (place % n_toys) * params.n_hypotheses + place / n_toys;
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.count) { return; }
  let item = item_of(id.x);
  let toy = item / params.n_hypotheses;
  let h = item - toy * params.n_hypotheses;
  first_bin = hypotheses[6u * h];
  n_fitted = hypotheses[6u * h + 1u];
  first_row = hypotheses[6u * h + 2u];
  K = hypotheses[6u * h + 3u];
  n_rows = n_fitted + hypotheses[6u * h + 4u];
  first_count = toy * params.n_bins;
  var code = f32(hypotheses[6u * h + 5u]);
  var z = 0.0;
  var s_hat = 0.0;
  var s_err = 0.0;
  var events = 0.0;
  for (var i = 0u; i < n_fitted; i++) { events += count_at(i); }
  if (events > 0.0 && K <= MOST_PARAMS) {
    var before = Row();
    var with_signal = Row();
    var pivot = 1.0;
    var size = K;
    var is_done = false;
    for (var i = 0u; i < MOST_STEPS && !is_done; i++) {
      if (!evaluate(size, i > 0u)) {
        for (var k = 0u; k < size; k++) { t[k] = before[k] + BACK * (t[k] - before[k]); }
        continue;
      }
      // the expected Hessian at the start is the unit matrix
      if (i == 0u) { for (var k = 0u; k < size; k++) { hessian[row_of(k) + k] = 1.0; } }
      else if (!decompose(size)) { break; }
      let decrement = sqrt(solve(size));
      var length = 0.0;
      before = t;
      for (var k = 0u; k < size; k++) {
        t[k] += step[k];
        length += step[k] * step[k];
      }
      if (i == 0u) { continue; }
      // errors left after this step: -ln L is self-concordant; or by the largest relative change of a mean
      let change = scales[2u * h + 1u] * sqrt(length) / lowest;
      var left = select(1.0, decrement * change, change < 0.3);
      if (decrement < 0.3) { left = min(left, 2.05 * decrement * decrement); }
      if (size < K) { is_done = left < LEFT_WITHOUT; }
      else if (left < LEFT_WITH) {
        with_signal = t;
        let last = K - 1u;
        pivot = hessian[row_of(last) + last];
        for (var k = 0u; k < last; k++) { step[k] = 0.0; }
        step[last] = 1.0 / pivot;
        solve_back(K);
        let ratio = t[last] / step[last];
        for (var k = 0u; k < last; k++) { t[k] -= ratio * step[k]; }
        t[last] = 0.0;
        before = Row();
        size = last;
      }
    }
    let q = select(-1.0, twice_delta_ln_l(&with_signal), is_done);
    if (q >= 0.0) {
      code = 0.0;
      z = select(sqrt(q), -sqrt(q), with_signal[K - 1u] < 0.0);
      s_hat = scales[2u * h] * with_signal[K - 1u];
      s_err = scales[2u * h] / pivot;
    }
  }
  result[4u * item] = z;
  result[4u * item + 1u] = s_hat;
  result[4u * item + 2u] = s_err;
  result[4u * item + 3u] = code;
}
