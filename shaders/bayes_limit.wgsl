// Bayesian upper limit of a counting experiment: U with sum g R(s U) = (1 - CL) sum g + CL sum g R(s POI_max).
// Formula, symbols and twin: src/kernels/bayes_limit.ts. One invocation per (window, n). All sums have positive terms;
// measured error of U below 2e-5 relative. Code 1 = repeat in f64 (no convergence, prior edge to be judged).

const MAX_ITERATIONS = 60u;
/// Of a sum over leaked events and counts: about 0.1 s of one invocation.
const MOST_TERMS = 4e6;

struct Tail { r: f32, h: f32 }

/// Leaked events that count were left out, or are too many for one invocation.
var<private> incomplete: bool = false;

/// R(t) and -R'(t) of one lane: coefficients A at a, M at a + n + 1 (both reversed).
fn lane_tail(t: f32, a: u32, n: u32) -> Tail {
  let m = a + n + 1u;
  var r = 0.0;
  var h = 0.0;
  if (t < 60.0 && n <= 100u) {
    for (var k = n; k > 0u; k--) {
      let x = t / f32(k);
      r = (r + scratch[a + k]) * x;
      h = (h + scratch[m + k]) * x;
    }
    let e = exp_accurate(-t);
    return Tail(e * (r + 1.0), e * (h + scratch[m]));
  }
  let start = min(n, u32(t));
  let top = exp_accurate(ln_poisson(f32(start), t));
  var term = top;
  for (var k = start; term > 1e-10 * top; k--) {
    r += term * scratch[a + k];
    h += term * scratch[m + k];
    if (k == 0u) { break; }
    term *= f32(k) / t;
  }
  term = top;
  for (var k = start + 1u; k <= n && term > 1e-10 * top; k++) {
    term *= t / f32(k);
    r += term * scratch[a + k];
    h += term * scratch[m + k];
  }
  return Tail(r, h);
}

/// c with the largest likelihood: where the sum over c starts.
fn likeliest_leak(lane: u32, n: u32, leak: f32) -> u32 {
  let first = lanes[4u * lane];
  var others = 0.0;
  var per_off = 0.0;
  for (var c = first; c < first + lanes[4u * lane + 1u]; c++) {
    var sum = 0.0;
    var weights = 0.0;
    for (var f = components[2u * c]; f < components[2u * c] + components[2u * c + 1u]; f++) {
      sum += nodes[3u * f + 2u] * nodes[3u * f];
      weights += nodes[3u * f + 2u];
    }
    let mean = component_values[2u * c] * sum / weights;
    let shape = component_values[2u * c + 1u];
    if (c == first) { per_off = mean; } else { others += mean * select(1.0, shape, shape > 0.0); }
  }
  let n_off = component_values[2u * first + 1u] - 1.0;
  var t = (f32(n) + n_off) / (1.0 + leak);
  if (leak * per_off < 1.0) { t = min(t, (f32(n) - others - n_off * per_off) / (1.0 - leak * per_off)); }
  return u32(clamp(leak * t, 0.0, n_off));
}

/// m[k] = W_k exp(-ln scale), k = 0 .. n + most: c events of the side band are signal. Returns ln scale; `a` is room.
/// Twin: src/kernels/shared/leaked-weights.ts. Where terms are lost (f32 tilts nothing) `incomplete` is set.
fn leaked_weights(lane: u32, n: u32, most: u32, a: u32, m: u32, work: u32) -> f32 {
  let leak = lane_values[3u * lane + 2u];
  let begin = min(most, likeliest_leak(lane, n, leak));
  var ln_scale = -1e30;
  var largest = 0.0;
  var total = 0.0;
  for (var k = 0u; k <= n + most; k++) { scratch[m + k] = 0.0; }
  var c = begin;
  var up = true;
  loop {
    let ln_mixture = count_mixture(lane, a, n + 1u, work, c);
    let i0 = u32(min(f32(n), f32(c) / leak));
    let ln_top = ln_mixture + ln_negative_binomial(f32(i0), f32(c + 1u), 1.0 / leak);
    if (ln_top > ln_scale + 20.0) {
      let shrink = exp_accurate(max(-90.0, ln_scale - ln_top));
      for (var k = 0u; k <= n + most; k++) { scratch[m + k] *= shrink; }
      total *= shrink;
      largest *= shrink;
      ln_scale = ln_top;
    }
    let top = exp_accurate(max(-90.0, ln_top - ln_scale));
    largest = max(largest, top);
    var added = 0.0;
    var factor = top;
    for (var i = i0; factor > NEGLIGIBLE * top; i--) {
      let term = factor * scratch[a + n - i];
      scratch[m + i + c] += term;
      added += term;
      if (i == 0u) { break; }
      factor *= f32(i) * (1.0 + leak) / f32(i + c);
    }
    factor = top;
    for (var i = i0 + 1u; i <= n && factor > NEGLIGIBLE * top; i++) {
      factor *= f32(i + c) / (f32(i) * (1.0 + leak));
      let term = factor * scratch[a + n - i];
      scratch[m + i + c] += term;
      added += term;
    }
    total += added;
    let negligible = added <= 1e-9 * total;
    if (up) {
      if (c < most && !negligible) {
        c++;
        continue;
      }
      if (!negligible && f32(most) < component_values[2u * lanes[4u * lane] + 1u] - 1.0) { incomplete = true; }
      up = false;
      c = begin;
    } else if (negligible) { break; }
    if (c == 0u) { break; }
    c--;
  }
  if (!(total > 1e-3 * largest)) { incomplete = true; }
  return ln_scale - log(leak / (1.0 + leak));
}

/// Builds A and M of every lane at `at`; returns the largest ln lane weight. The lane weight goes to `weights + l`.
fn prepare(lane_first: u32, lane_count: u32, n: u32, leaks: u32, at: u32, weights: u32) -> f32 {
  let last = n + leaks;
  let work = weights + lane_count;
  var top = -1e30;
  for (var l = 0u; l < lane_count; l++) {
    let a = at + 2u * l * (last + 1u);
    let m = a + last + 1u;
    var ln_scale = 0.0;
    if (lane_values[3u * (lane_first + l) + 2u] > 0.0) {
      ln_scale = leaked_weights(lane_first + l, n, leaks, a, m, work);
    } else {
      ln_scale = count_mixture(lane_first + l, a, n + 1u, work, 0u);
      for (var j = 0u; j <= n; j++) { scratch[m + n - j] = scratch[a + j]; }
    }
    var sum = 0.0;
    for (var k = last + 1u; k > 0u; k--) { sum += scratch[m + k - 1u]; }
    for (var k = 0u; k <= last; k++) { scratch[m + k] /= sum; }
    var cumulative = 0.0;
    for (var k = last; k > 0u; k--) {
      cumulative += scratch[m + k];
      scratch[a + k] = cumulative;
    }
    scratch[a] = 1.0;
    let ln_weight = lane_values[3u * (lane_first + l)] + ln_scale + log(sum);
    scratch[weights + l] = ln_weight;
    top = max(top, ln_weight);
  }
  return top;
}

struct Sums { norm: f32, weights: f32, signal: f32, tail: f32, density: f32 }

/// Sums over lanes and signal nodes at POI u.
fn evaluate(u: f32, lane_first: u32, lane_count: u32, n: u32, at: u32, weights: u32) -> Sums {
  let size = n + 1u;
  let cut = f32(n) + 8.0 * sqrt(f32(n)) + 25.0;
  var sums = Sums(0.0, 0.0, 0.0, 0.0, 0.0);
  for (var l = 0u; l < lane_count; l++) {
    let lane = lane_first + l;
    let first = lanes[4u * lane + 2u];
    let last = first + lanes[4u * lane + 3u];
    for (var f = first; f < last; f++) {
      let s = lane_values[3u * lane + 1u] * (1.0 + lane_values[3u * lane + 2u]) * nodes[3u * f];
      let w = scratch[weights + l] * nodes[3u * f + 2u];
      sums.norm += w / s;
      sums.weights += w;
      sums.signal += w * s;
      let t = s * u;
      if (t < cut) {
        let value = lane_tail(t, at + 2u * l * size, n);
        sums.tail += w / s * value.r;
        sums.density += w * value.h;
      }
    }
  }
  return sums;
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.count) { return; }
  let i = params.first + id.x;
  let lane_first = items[5u * i];
  let lane_count = items[5u * i + 1u];
  let n = items[5u * i + 2u];
  let at = items[5u * i + 3u];
  // the highest power of T: n, or n + C where signal leaks into the side band
  let last = items[5u * i + 4u] - 1u;
  let weights = at + 2u * lane_count * (last + 1u);
  if (f32(last - n) * f32(n + 1u) > MOST_TERMS) {
    result[2u * i] = 0.0;
    result[2u * i + 1u] = 1.0;
    return;
  }
  let top = prepare(lane_first, lane_count, n, last - n, at, weights);
  // nothing of the sums is left in f32
  if (incomplete || !(abs(top) < 1e30)) {
    result[2u * i] = 0.0;
    result[2u * i + 1u] = 1.0;
    return;
  }
  for (var l = 0u; l < lane_count; l++) { scratch[weights + l] = exp_accurate(scratch[weights + l] - top); }

  let bounded = params.poi_max > 0.0;
  let start = evaluate(select(0.0, params.poi_max, bounded), lane_first, lane_count, last, at, weights);
  let at_edge = select(0.0, start.tail, bounded);
  let goal = params.tail * start.norm + (1.0 - params.tail) * at_edge;
  if (!(start.signal > 0.0)) {
    result[2u * i] = 0.0;
    result[2u * i + 1u] = 4.0;
    return;
  }
  var low = 0.0;
  var high = select(1e38, params.poi_max, bounded);
  var u = min(3.0 * start.weights / start.signal, 0.5 * high);
  var code = 1.0;
  var density = 0.0;
  for (var iteration = 0u; iteration < MAX_ITERATIONS; iteration++) {
    let sums = evaluate(u, lane_first, lane_count, last, at, weights);
    if (sums.tail > goal) { low = u; } else { high = u; }
    density = sums.density;
    let step = log(sums.tail / goal) * sums.tail / sums.density;
    let settled = abs(step) < 1e-3 * u;
    // near the solution log() of a ratio near 1 is inaccurate on some drivers; its first terms are not
    let d = sums.tail / goal - 1.0;
    let fine = (d - 0.5 * d * d) * sums.tail / sums.density;
    var next = u + select(step, fine, abs(d) < 1e-2);
    if (settled && abs(next - u) < 3e-6 * u) {
      u = next;
      code = 0.0;
      break;
    }
    if (!(next > low && next < high)) {
      next = select(select(0.5 * (low + high), sqrt(low * high), high > 4.0 * low), min(0.5 * high, 0.1 * u), low == 0.0);
      if (high > 1e37) { next = 2.0 * u; }
    }
    u = next;
  }
  // the prior's edge may matter: f64 decides the status
  if (bounded && (1.0 - params.tail) * at_edge > 0.001 * density * u) { code = 1.0; }
  // 1 - R loses its digits when the prior ends below the bulk of the posterior
  if (at_edge > 0.99 * start.norm) { code = 1.0; }
  result[2u * i] = u;
  result[2u * i + 1u] = code;
}
