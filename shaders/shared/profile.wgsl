// -ln L of one window and its minimum: layout src/kernels/shared/profile-arrays.ts, twins profile-likelihood.ts and
// profile-fit.ts there. Newton steps with active bounds and kinks; private arrays of at most 16 parameters, 8 components,
// 12 slots. Needs elementary.wgsl, deviance.wgsl and the bindings by name. f32: -ln L to 2e-6 + 5e-7 n |n/nu - 1|.

const NONE = 0xffffffffu;
const FAILED = 1e30;
const TINY = 1e-12;
const LAST_GAIN = 1e-7;
const NOISE = 2e-6;
const UNIT = 1u; const KINKED = 2u; const TWO_WAY = 3u; const GAMMA = 4u; const SUM = 5u; const BAND = 6u; const POI = 7u;

var<private> K: u32;
var<private> C: u32;
var<private> T: u32;
var<private> at_kinds: u32;
var<private> at_values: u32;
var<private> n: f32;
var<private> mean: f32;
var<private> x: array<f32, 16>;
var<private> before: array<f32, 16>;
var<private> move_by: array<f32, 16>;
var<private> gradient: array<f32, 16>;
var<private> to_poi: array<f32, 16>;
var<private> diagonal: array<f32, 16>;
var<private> side: array<i32, 16>;
var<private> held: array<bool, 16>;
var<private> band_mean: array<f32, 16>;
var<private> total: array<f32, 16>;
var<private> w: array<f32, 16>;
var<private> q: array<f32, 64>;
/// Lower triangle: Hessian; upper: its Cholesky factor, transposed.
var<private> hessian: array<f32, 256>;
var<private> factor: array<f32, 12>;
var<private> pull: array<f32, 12>;
var<private> means: array<f32, 8>;

fn load(i: u32) {
  K = params.n_params;
  C = params.n_components;
  T = params.n_slots;
  let window = items[2u * i];
  n = f32(items[2u * i + 1u]);
  at_kinds = window * K;
  at_values = window * (C + 3u * K + 2u * K * (C + T));
}

fn kind(k: u32) -> u32 { return kinds[at_kinds + k]; }
fn has_kink(k: u32) -> bool { return kind(k) == KINKED || kind(k) == TWO_WAY; }
fn constant(k: u32, i: u32) -> f32 { return values[at_values + C + 3u * k + i]; }
fn below(k: u32) -> u32 { return select(0u, 1u, x[k] < 0.0 || (x[k] == 0.0 && side[k] < 0)); }
fn exponent(c: u32, k: u32) -> f32 { return values[at_values + C + 3u * K + 2u * (c * K + k) + below(k)]; }
fn slope(t: u32, k: u32) -> f32 { return values[at_values + C + 3u * K + 2u * ((C + t) * K + k) + below(k)]; }
fn own_kind(t: u32) -> u32 {
  if (structure[t] == NONE) { return 0u; }
  return kind(structure[t]);
}
fn lowest(k: u32) -> f32 {
  let its = kind(k);
  if (its >= UNIT && its <= TWO_WAY) { return constant(k, 0u); }
  if (its == POI) { return 0.0; }
  return select(-1e30, -1.0, its >= SUM);
}
fn highest(k: u32) -> f32 {
  if (kind(k) >= UNIT && kind(k) <= TWO_WAY) { return constant(k, 1u); }
  return 1e30;
}

/// deviance that allows a = 0.
fn loss_of(a: f32, m: f32) -> f32 {
  if (a == 0.0) { return m; }
  return deviance(a, m);
}

/// -ln L at x.
fn evaluate() -> f32 {
  var loss = 0.0;
  for (var t = 0u; t < T; t++) {
    let its = own_kind(t);
    let own = structure[t];
    if (its == POI) { factor[t] = max(TINY, x[0]); continue; }
    if (its == BAND) { factor[t] = max(TINY, 1.0 + x[own]); continue; }
    var sum = 0.0;
    for (var k = 1u; k < K; k++) { if (k != own) { sum += slope(t, k) * x[k]; } }
    if (its == SUM) {
      pull[t] = (x[own] - sum) / constant(own, 0u);
      loss += 0.5 * pull[t] * pull[t];
      sum = x[own];
    }
    factor[t] = max(TINY, 1.0 + sum);
  }
  mean = 0.0;
  for (var c = 0u; c < C; c++) {
    var ln = 0.0;
    for (var k = 1u; k < K; k++) { ln += exponent(c, k) * x[k]; }
    var m = values[at_values + c] * exp_accurate(clamp(ln, -40.0, 40.0));
    for (var s = 0u; s < 4u; s++) {
      let t = structure[T + 4u * c + s];
      if (t != NONE) { m *= factor[t]; }
    }
    means[c] = m;
    mean += m;
  }
  for (var k = 1u; k < K; k++) {
    let its = kind(k);
    if (its == BAND) {
      band_mean[k] = max(TINY, constant(k, 1u) * (1.0 + x[k]) + constant(k, 2u) * means[0]);
      loss += loss_of(constant(k, 0u), band_mean[k]);
    } else if (its == GAMMA) {
      loss += deviance(constant(k, 0u), constant(k, 0u) * exp_accurate(clamp(x[k], -40.0, 40.0)));
    } else if (its >= UNIT && its <= TWO_WAY) {
      loss += 0.5 * x[k] * x[k];
    }
  }
  mean = max(TINY, mean);
  return min(loss + loss_of(n, mean), FAILED);
}

fn signal_slope() -> f32 {
  var sum = 1.0 - n / mean;
  for (var k = 1u; k < K; k++) {
    if (kind(k) == BAND) { sum += constant(k, 2u) * (1.0 - constant(k, 0u) / band_mean[k]); }
  }
  return sum;
}

fn constraints() {
  for (var k = 0u; k < K; k++) {
    let its = kind(k);
    for (var l = 0u; l <= k; l++) { hessian[16u * k + l] = 0.0; }
    total[k] = 0.0;
    gradient[k] = 0.0;
    if (its == BAND) {
      let ratio = constant(k, 1u) / band_mean[k];
      gradient[k] = constant(k, 1u) - constant(k, 0u) * ratio;
      hessian[17u * k] = constant(k, 0u) * ratio * ratio;
    } else if (its == GAMMA) {
      let grown = constant(k, 0u) * exp_accurate(clamp(x[k], -40.0, 40.0));
      gradient[k] = grown - constant(k, 0u);
      hessian[17u * k] = grown;
    } else if (its >= UNIT && its <= TWO_WAY) {
      gradient[k] = x[k];
      hessian[17u * k] = 1.0;
    }
  }
  for (var t = 0u; t < T; t++) {
    if (own_kind(t) != SUM) { continue; }
    let own = structure[t];
    let r0 = constant(own, 0u);
    for (var k = 1u; k < K; k++) {
      let dk = select(-slope(t, k), 1.0, k == own) / r0;
      gradient[k] += pull[t] * dk;
      for (var l = 1u; l <= k; l++) { hessian[16u * k + l] += dk * select(-slope(t, l), 1.0, l == own) / r0; }
    }
  }
}

fn log_derivatives(c: u32) {
  for (var k = 0u; k < K; k++) { w[k] = select(exponent(c, k), 0.0, k == 0u); }
  for (var s = 0u; s < 4u; s++) {
    for (var k = 0u; k < K; k++) { q[16u * s + k] = 0.0; }
    let t = structure[T + 4u * c + s];
    if (t == NONE) { continue; }
    if (own_kind(t) >= SUM) { q[16u * s + structure[t]] = 1.0 / factor[t]; }
    else { for (var k = 1u; k < K; k++) { q[16u * s + k] = slope(t, k) / factor[t]; } }
    for (var k = 0u; k < K; k++) { w[k] += q[16u * s + k]; }
  }
}

fn differentiate() {
  constraints();
  let of_signal = signal_slope();
  for (var c = 0u; c < C; c++) {
    let m = means[c];
    if (m == 0.0) { continue; }
    log_derivatives(c);
    let by = m * select(1.0 - n / mean, of_signal, c == 0u);
    for (var k = 0u; k < K; k++) {
      if (w[k] == 0.0) { continue; }
      total[k] += m * w[k];
      gradient[k] += by * w[k];
      for (var l = 0u; l <= k; l++) {
        var curvature = w[k] * w[l];
        for (var s = 0u; s < 64u; s += 16u) { curvature -= q[s + k] * q[s + l]; }
        hessian[16u * k + l] += by * curvature;
        for (var b = 1u; c == 0u && b < K; b++) {
          if (kind(b) != BAND) { continue; }
          let leak = constant(b, 2u) * m / band_mean[b];
          hessian[16u * k + l] += constant(b, 0u) * leak * leak * w[k] * w[l];
        }
      }
      for (var b = 1u; c == 0u && b < K; b++) {
        if (kind(b) != BAND) { continue; }
        let ratio = constant(b, 0u) / (band_mean[b] * band_mean[b]);
        hessian[16u * max(k, b) + min(k, b)] += ratio * constant(b, 2u) * m * w[k] * constant(b, 1u);
      }
    }
  }
  for (var k = 0u; k < K; k++) {
    for (var l = 0u; l <= k; l++) { hessian[16u * k + l] += n * (total[k] / mean) * (total[l] / mean); }
  }
}
