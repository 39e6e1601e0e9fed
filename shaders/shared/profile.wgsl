// -ln L of one window: layout and twin src/kernels/shared/profile-{arrays,likelihood}.ts; room for 16 parameters,
// 8 components, 12 slots. Needs exp, deviance. Each function has one call, because drivers inline them all.

const NONE = 0xffffffffu;
const FAILED = 1e30;
const TINY = 1e-12;
const GAMMA = 4u; const SUM = 5u; const BAND = 6u; const POI = 7u;

alias Row = array<f32, 16>;
var<private> K: u32;
var<private> C: u32;
var<private> T: u32;
var<private> at_kinds: u32;
var<private> at_values: u32;
var<private> n: f32;
var<private> background: f32;
/// Widest squared relative width of a component, 0 where none competes with others.
var<private> widest: f32;
var<private> mean: f32;
var<private> leaks: bool;
var<private> two_way: bool;
var<private> x: Row;
var<private> gradient: Row;
var<private> side: array<i32, 16>;
var<private> band_mean: Row;
var<private> total: Row;
var<private> w: Row;
/// d m_0/dx_k.
var<private> signal: Row;
var<private> q: array<f32, 64>;
/// Lower triangle: Hessian; upper: its Cholesky factor.
var<private> hessian: array<f32, 256>;
var<private> factor: array<f32, 12>;
var<private> pull: array<f32, 12>;
var<private> means: array<f32, 8>;

fn kind(k: u32) -> u32 { return kinds[at_kinds + k]; }
fn is_unit(k: u32) -> bool { return kind(k) - 1u < 3u; }
fn has_kink(k: u32) -> bool { return kind(k) - 2u < 2u; }
/// Lowest (dir < 0) or highest value of x_k.
fn bound(k: u32, dir: f32) -> f32 { return values[at_values + C + select(3u, 2u, dir < 0.0) + 5u * k]; }
fn constant(k: u32, i: u32) -> f32 { return values[at_values + C + 4u + 5u * k + i]; }
/// e_ck of component c, r_tk of slot t = row - C, on the side of x_k.
fn effect(row: u32, k: u32) -> f32 {
  let left = x[k] < 0.0 || (x[k] == 0.0 && side[k] < 0);
  return values[at_values + C + 2u + 5u * K + 2u * (row * K + k) + select(0u, 1u, left)];
}
fn slot(c: u32, s: u32) -> u32 { return structure[T + 4u * c + s]; }
fn own_kind(t: u32) -> u32 {
  if (structure[t] == NONE) { return 0u; }
  return kind(structure[t]);
}
fn grown(k: u32) -> f32 { return constant(k, 0u) * exp_accurate(clamp(x[k], -40.0, 40.0)); }

/// Everything at the best fit of its own measurement.
fn reset() {
  for (var k = 0u; k < K; k++) {
    x[k] = select(0.0, -1.0, kind(k) == BAND && constant(k, 0u) == 0.0);
    side[k] = 0;
  }
}

fn load(i: u32) {
  K = params.n_params;
  C = params.n_components;
  T = params.n_slots;
  n = f32(items[2u * i + 1u]);
  at_kinds = items[2u * i] * (K + 1u);
  at_values = items[2u * i] * (C + 2u + 5u * K + 2u * K * (C + T));
  background = values[at_values + C];
  widest = values[at_values + C + 1u];
  leaks = (kind(K) & 1u) != 0u;
  two_way = (kind(K) & 2u) != 0u;
  reset();
}

/// -ln L at x.
fn evaluate() -> f32 {
  var loss = 0.0;
  for (var t = 0u; t < T; t++) {
    let own = structure[t];
    let its = own_kind(t);
    if (its >= BAND) { factor[t] = max(TINY, x[own] + select(1.0, 0.0, its == POI)); continue; }
    var sum = 0.0;
    for (var k = 1u; k < K; k++) { if (k != own) { sum += effect(C + t, k) * x[k]; } }
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
    for (var k = 1u; k < K; k++) { ln += effect(c, k) * x[k]; }
    var m = values[at_values + c] * exp_accurate(clamp(ln, -40.0, 40.0));
    for (var s = 0u; s < 4u; s++) { if (slot(c, s) != NONE) { m *= factor[slot(c, s)]; } }
    means[c] = m;
    mean += m;
  }
  mean = max(TINY, mean);
  for (var k = 0u; k < K; k++) {
    // the count itself in the place of the POI, which has no constraint
    var a = n;
    var m = mean;
    if (is_unit(k)) { loss += 0.5 * x[k] * x[k]; }
    if (k > 0u && kind(k) != GAMMA && kind(k) != BAND) { continue; }
    if (k > 0u) {
      a = constant(k, 0u);
      if (kind(k) == GAMMA) { m = grown(k); }
      else {
        band_mean[k] = max(TINY, constant(k, 1u) * (1.0 + x[k]) + constant(k, 2u) * means[0]);
        m = band_mean[k];
      }
    }
    if (a == 0.0) { loss += m; } else { loss += deviance(a, m); }
  }
  return min(loss, FAILED);
}

/// What d(-ln L)/dm_0 is, at the last evaluate().
fn signal_slope() -> f32 {
  var sum = 1.0 - n / mean;
  for (var k = 1u; k < K; k++) {
    if (kind(k) == BAND) { sum += constant(k, 2u) * (1.0 - constant(k, 0u) / band_mean[k]); }
  }
  return sum;
}

/// Gradient and Hessian at the last evaluate().
fn differentiate() {
  for (var k = 0u; k < K; k++) {
    for (var l = 0u; l <= k; l++) { hessian[16u * k + l] = 0.0; }
    total[k] = 0.0;
    gradient[k] = 0.0;
    if (is_unit(k)) {
      gradient[k] = x[k];
      hessian[17u * k] = 1.0;
    } else if (kind(k) == GAMMA) {
      hessian[17u * k] = grown(k);
      gradient[k] = hessian[17u * k] - constant(k, 0u);
    } else if (kind(k) == BAND) {
      gradient[k] = constant(k, 1u) * (1.0 - constant(k, 0u) / band_mean[k]);
    }
  }
  let of_signal = signal_slope();
  // components, then bands (squares of d mu), pulls of sums, and the window itself
  for (var i = 0u; i <= C + K + T; i++) {
    var weight = n / (mean * mean);
    if (i < C) {
      for (var k = 0u; k < K; k++) { w[k] = effect(i, k); }
      for (var s = 0u; s < 4u; s++) {
        for (var k = 0u; k < K; k++) { q[16u * s + k] = 0.0; }
        let t = slot(i, s);
        if (t == NONE) { continue; }
        for (var k = 0u; k < K; k++) {
          let d = select(effect(C + t, k), select(0.0, 1.0, k == structure[t]), own_kind(t) >= SUM);
          q[16u * s + k] = d / factor[t];
          w[k] += q[16u * s + k];
        }
      }
      let m = means[i];
      weight = m * select(1.0 - n / mean, of_signal, i == 0u);
      for (var k = 0u; k < K; k++) {
        if (i == 0u) { signal[k] = m * w[k]; }
        total[k] += m * w[k];
        gradient[k] += weight * w[k];
        for (var l = 0u; l <= k; l++) {
          for (var s = 0u; s < 64u; s += 16u) { hessian[16u * k + l] -= weight * q[s + k] * q[s + l]; }
        }
      }
    } else if (i < C + K) {
      let b = i - C;
      if (kind(b) != BAND) { continue; }
      for (var k = 0u; k < K; k++) { w[k] = constant(b, 2u) * signal[k] + select(0.0, constant(b, 1u), k == b); }
      weight = constant(b, 0u) / (band_mean[b] * band_mean[b]);
    } else if (i < C + K + T) {
      let t = i - C - K;
      if (own_kind(t) != SUM) { continue; }
      for (var k = 0u; k < K; k++) {
        w[k] = select(-effect(C + t, k), 1.0, k == structure[t]) / constant(structure[t], 0u);
        gradient[k] += pull[t] * w[k];
      }
      weight = 1.0;
    } else {
      for (var k = 0u; k < K; k++) { w[k] = total[k]; }
    }
    for (var k = 0u; k < K; k++) { for (var l = 0u; l <= k; l++) { hessian[16u * k + l] += weight * w[k] * w[l]; } }
  }
}
