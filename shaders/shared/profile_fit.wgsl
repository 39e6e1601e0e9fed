// The minimum of -ln L (profile.wgsl). Twin: src/kernels/shared/profile-fit.ts.

fn choose_sides() {
  var any = false;
  for (var k = 1u; k < K; k++) {
    if (!has_kink(k) || x[k] != 0.0) { continue; }
    any = true;
    side[k] = 1;
  }
  differentiate();
  if (!any) { return; }
  for (var k = 1u; k < K; k++) {
    move_by[k] = gradient[k];
    if (side[k] == 1) { side[k] = -1; }
  }
  differentiate();
  for (var k = 1u; k < K; k++) {
    if (side[k] == 0 || x[k] != 0.0) { continue; }
    side[k] = select(select(0, -1, gradient[k] > 0.0), 1, move_by[k] < 0.0 && move_by[k] <= -gradient[k]);
  }
  differentiate();
}

fn decompose() {
  for (var k = 0u; k < K; k++) {
    for (var l = 0u; l <= k; l++) {
      var value = hessian[16u * k + l];
      if (held[k] || held[l]) { value = select(0.0, 1.0, k == l); }
      for (var j = 0u; j < l; j++) { value -= hessian[16u * j + k] * hessian[16u * j + l]; }
      if (l < k) { hessian[16u * l + k] = value / diagonal[l]; }
      else { diagonal[k] = sqrt(max(max(abs(value), 1e-6 * abs(hessian[17u * k])), 1e-20)); }
    }
  }
}

/// Solves for move_by in place.
fn solve_back() {
  for (var k = 0u; k < K; k++) {
    for (var j = 0u; j < k; j++) { move_by[k] -= hessian[16u * j + k] * move_by[j]; }
    move_by[k] /= diagonal[k];
  }
  for (var i = K; i > 0u; i--) {
    let k = i - 1u;
    for (var j = i; j < K; j++) { move_by[k] -= hessian[16u * k + j] * move_by[j]; }
    move_by[k] /= diagonal[k];
  }
}

fn newton_step(is_poi_free: bool) {
  for (var k = 0u; k < K; k++) {
    held[k] = kind(k) == 0u || (k == 0u && !is_poi_free) || (has_kink(k) && x[k] == 0.0 && side[k] == 0)
      || (x[k] <= lowest(k) && gradient[k] >= 0.0) || (x[k] >= highest(k) && gradient[k] <= 0.0);
    to_poi[k] = hessian[16u * k];
  }
  for (var round = 0u; round < K; round++) {
    decompose();
    for (var k = 0u; k < K; k++) { move_by[k] = select(-gradient[k], 0.0, held[k]); }
    solve_back();
    var inside = true;
    for (var k = 0u; k < K; k++) {
      let s = move_by[k];
      if ((x[k] <= lowest(k) && s < 0.0) || (x[k] >= highest(k) && s > 0.0)
        || (has_kink(k) && x[k] == 0.0 && s * f32(side[k]) < 0.0)) {
        held[k] = true;
        inside = false;
      }
    }
    if (inside) { break; }
  }
}

struct Reach { length: f32, hit: u32 }

fn end_of(k: u32) -> f32 {
  if (has_kink(k) && before[k] * move_by[k] < 0.0) { return 0.0; }
  return select(highest(k), lowest(k), move_by[k] < 0.0);
}

fn reach() -> Reach {
  var longest = 0.0;
  for (var c = 0u; c < C; c++) {
    var ln = 0.0;
    for (var k = 1u; k < K; k++) { ln += exponent(c, k) * move_by[k]; }
    longest = max(longest, abs(ln));
  }
  var found = Reach(min(1.0, 1.5 / max(longest, 1e-9)), NONE);
  for (var k = 0u; k < K; k++) {
    before[k] = x[k];
    if (move_by[k] == 0.0) { continue; }
    let room = (end_of(k) - x[k]) / move_by[k];
    if (room < found.length) { found = Reach(max(0.0, room), k); }
  }
  return found;
}

fn move_to(length: f32, hit: u32) {
  for (var k = 0u; k < K; k++) { x[k] = before[k] + length * move_by[k]; }
  if (hit != NONE) { x[hit] = end_of(hit); }
}

/// -ln L at the minimum next to x; FAILED without convergence.
fn minimise(is_poi_free: bool) -> f32 {
  var loss = evaluate();
  for (var i = 0u; i < 60u; i++) {
    choose_sides();
    newton_step(is_poi_free);
    var gain = 0.0;
    for (var k = 0u; k < K; k++) { gain -= select(0.5 * gradient[k] * move_by[k], 0.0, held[k]); }
    let end = reach();
    let is_last = gain <= LAST_GAIN * (1.0 + loss);
    if (is_last && end.hit == NONE) {
      move_to(end.length, NONE);
      return evaluate();
    }
    var length = end.length;
    var next = FAILED;
    for (var halving = 0u; halving < 24u; halving++) {
      move_to(length, select(NONE, end.hit, halving == 0u));
      next = evaluate();
      if (next <= loss - 1e-4 * length * gain + NOISE * (1.0 + loss)) { break; }
      length *= 0.5;
    }
    if (!(next <= loss + NOISE * (1.0 + loss))) {
      move_to(0.0, NONE);
      return select(FAILED, evaluate(), is_last);
    }
    loss = next;
  }
  return FAILED;
}

/// All parameters at the best fit of their own measurements; returns the expected background.
fn reset() -> f32 {
  for (var k = 0u; k < K; k++) {
    x[k] = select(0.0, -1.0, kind(k) == BAND && constant(k, 0u) == 0.0);
    side[k] = 0;
  }
  _ = evaluate();
  return mean - means[0];
}

fn has_leak() -> bool {
  for (var k = 1u; k < K; k++) { if (kind(k) == BAND && constant(k, 2u) > 0.0) { return true; } }
  return false;
}

/// Lowest -ln L for POI >= 0; the POI stays there.
fn best_loss(background: f32) -> f32 {
  let leaks = has_leak() && values[at_values] > 0.0;
  x[0] = select(0.0, max(1.0, n - background) / values[at_values], leaks);
  return minimise(leaks);
}
