// Discovery statistic q0 of a counting window. Formula and twin: src/kernels/profile_p0.ts, shared/profile-scan.ts. One
// invocation per (window, n). f32: |dZ| below 1e-3 up to 1e4 events; code 1 = repeat in f64 (no convergence, Z above 45).

/// Moves every parameter of component c so that it alone describes the excess; false where that cannot matter.
fn lean_on(c: u32, background: f32) -> bool {
  var variance = 0.0;
  for (var k = 1u; k < K; k++) {
    move_by[k] = exponent(c, k);
    if (kind(k) == GAMMA) { move_by[k] /= constant(k, 0u); }
    variance += exponent(c, k) * move_by[k];
  }
  let excess = n - background;
  if (!(excess * variance > 0.5 && means[c] > 0.0)) { return false; }
  let by = log(1.0 + excess / means[c]) / variance;
  for (var k = 1u; k < K; k++) { x[k] += by * move_by[k]; }
  return true;
}

fn null_loss(background: f32) -> f32 {
  var best = FAILED;
  // start 0: nominal; 1 .. C - 1: one component takes the excess; then both sides of every parameter with two minima
  for (var start = 0u; start < C + 2u * K; start++) {
    _ = reset();
    if (start > 0u && start < C && !lean_on(start, background)) { continue; }
    if (start >= C) {
      let k = (start - C) / 2u;
      if (kind(k) != TWO_WAY) { continue; }
      x[k] = select(1.0, -1.0, (start - C) % 2u == 1u);
    }
    for (var k = 1u; k < K; k++) { if (kind(k) == BAND && x[k] == -1.0) { x[k] = -1.0 + 0.1 * (n - background); } }
    let loss = minimise(false);
    if (start == 0u && loss >= FAILED) { return FAILED; }
    best = min(best, loss);
  }
  return best;
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.count) { return; }
  let i = params.first + id.x;
  load(i);
  let background = reset();
  var q0 = 0.0;
  var code = 0.0;
  if (n > background) {
    var best = 0.0;
    if (has_leak()) { best = best_loss(background); }
    let worst = null_loss(background);
    q0 = 2.0 * max(0.0, worst - best);
    if (n > 10000.0 || max(best, worst) > 1000.0) { code = 1.0; }
  }
  result[2u * i] = q0;
  result[2u * i + 1u] = code;
}
