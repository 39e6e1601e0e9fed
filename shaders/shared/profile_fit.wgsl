// The minimum of -ln L (profile.wgsl). Twin: src/kernels/shared/profile-fit.ts.

const LAST_GAIN = 1e-7;
const NOISE = 2e-6;

var<private> before: Row;
var<private> step: Row;
var<private> diagonal: Row;
var<private> held: array<bool, 16>;

fn is_outwards(k: u32, dir: f32) -> bool {
  return dir * (x[k] - bound(k, dir)) >= 0.0 || (has_kink(k) && x[k] == 0.0 && dir * f32(side[k]) <= 0.0);
}

/// Gradient and Hessian, parameters at their kinks on the side where -ln L falls.
fn differentiate_sides() {
  var any = false;
  for (var k = 1u; k < K; k++) { any = any || (has_kink(k) && x[k] == 0.0); }
  for (var phase = select(2u, 0u, any); phase < 3u; phase++) {
    for (var k = 1u; k < K; k++) {
      if (!has_kink(k) || x[k] != 0.0) { continue; }
      let left = gradient[k] > 0.0;
      let right = step[k] < 0.0 && step[k] <= -gradient[k];
      if (phase == 0u) { side[k] = 1; }
      else if (phase == 2u) { side[k] = select(select(0, -1, left), 1, right); }
      else { side[k] = -1; step[k] = gradient[k]; }
    }
    differentiate();
  }
}

/// Solves for step in place.
fn solve_back() {
  for (var k = 0u; k < K; k++) {
    for (var j = 0u; j < k; j++) { step[k] -= hessian[16u * j + k] * step[j]; }
    step[k] /= diagonal[k];
  }
  for (var i = K; i > 0u; i--) {
    let k = i - 1u;
    for (var j = i; j < K; j++) { step[k] -= hessian[16u * k + j] * step[j]; }
    step[k] /= diagonal[k];
  }
}

fn newton_step(is_poi_free: bool) {
  for (var k = 0u; k < K; k++) {
    held[k] = kind(k) == 0u || (k == 0u && !is_poi_free) || (gradient[k] != 0.0 && is_outwards(k, -gradient[k]));
  }
  for (var round = 0u; round < K; round++) {
    for (var k = 0u; k < K; k++) {
      step[k] = select(-gradient[k], 0.0, held[k]);
      for (var l = 0u; l <= k; l++) {
        var value = hessian[16u * k + l];
        if (held[k] || held[l]) { value = select(0.0, 1.0, k == l); }
        for (var j = 0u; j < l; j++) { value -= hessian[16u * j + k] * hessian[16u * j + l]; }
        if (l < k) { hessian[16u * l + k] = value / diagonal[l]; }
        else { diagonal[k] = sqrt(max(max(abs(value), 1e-6 * abs(hessian[17u * k])), 1e-20)); }
      }
    }
    solve_back();
    var inside = true;
    for (var k = 0u; k < K; k++) {
      if (step[k] == 0.0 || !is_outwards(k, step[k])) { continue; }
      held[k] = true;
      inside = false;
    }
    if (inside) { break; }
  }
}

struct Reach { length: f32, hit: u32 }

fn end_of(k: u32) -> f32 { return select(bound(k, step[k]), 0.0, has_kink(k) && before[k] * step[k] < 0.0); }

/// How much of the step stays inside, and which parameter ends it.
fn reach() -> Reach {
  var longest = 1e-9;
  for (var c = 0u; c < C; c++) {
    var ln = 0.0;
    for (var k = 1u; k < K; k++) { ln += effect(c, k) * step[k]; }
    longest = max(longest, abs(ln));
  }
  var found = Reach(min(1.0, 1.5 / longest), NONE);
  for (var k = 0u; k < K; k++) {
    before[k] = x[k];
    if (step[k] == 0.0) { continue; }
    let room = (end_of(k) - x[k]) / step[k];
    if (room < found.length) { found = Reach(max(0.0, room), k); }
  }
  return found;
}

/// -ln L at the minimum next to x; FAILED without convergence.
fn minimise(is_poi_free: bool) -> f32 {
  var loss = FAILED;
  var gain = 0.0;
  var end = Reach(0.0, NONE);
  var halvings = 0u;
  for (var i = 0u; i < 150u; i++) {
    if (i > 0u) {
      for (var k = 0u; k < K; k++) { x[k] = before[k] + end.length * step[k]; }
      if (end.hit != NONE) { x[end.hit] = end_of(end.hit); }
    }
    let next = evaluate();
    if (i > 0u) {
      if (gain <= LAST_GAIN * (1.0 + loss) && end.hit == NONE) { return next; }
      if (next > loss - 1e-4 * end.length * gain + NOISE * (1.0 + loss)) {
        if (halvings == 24u) { return FAILED; }
        halvings++;
        end = Reach(0.5 * end.length, NONE);
        continue;
      }
    }
    loss = next;
    differentiate_sides();
    newton_step(is_poi_free);
    end = reach();
    gain = 0.0;
    for (var k = 0u; k < K; k++) { gain -= 0.5 * gradient[k] * step[k]; }
    halvings = 0u;
  }
  return FAILED;
}
