// Upper limit of the profile likelihood. Formula and twin: src/kernels/profile_limit.ts, shared/profile-scan.ts. One
// invocation per (window, n). f32: 1e-4 relative up to 1e4 events; code 1 = repeat in f64 (no convergence, a best fit so
// bad that differences lose digits, parameters with two minima).

/// Moves along the valley of -ln L while the POI changes by `change`, to first order.
fn follow(change: f32) {
  for (var k = 0u; k < K; k++) { move_by[k] = select(-to_poi[k] * change, 0.0, held[k]); }
  solve_back();
  move_by[0] = 0.0;
  let end = reach();
  for (var k = 1u; k < K; k++) { x[k] += 0.999 * end.length * move_by[k]; }
  x[0] += change;
}

/// The limit, FAILED without convergence.
fn limit_from(best: f32, poi_hat: f32, background: f32) -> f32 {
  let z = params.z;
  var low = poi_hat;
  var high = FAILED;
  var u = poi_hat + z * (sqrt(max(n, background)) + 0.5 * z) / values[at_values];
  if (z == 0.0) { return poi_hat; }
  x[0] = u;
  for (var i = 0u; i < 40u; i++) {
    let loss = minimise(false);
    if (loss >= FAILED) { return FAILED; }
    let root = sqrt(2.0 * max(0.0, loss - best));
    let rise = signal_slope() * means[0] / u;
    if (root < z) { low = u; } else { high = u; }
    var next = FAILED;
    if (rise > 0.0) { next = u - (root - z) * max(root, 0.5 * z) / rise; }
    if (abs(next - u) <= 1e-4 * u) { return next; }
    if (!(next > low && next < high)) { next = select(u + 2.0 * (u - poi_hat), 0.5 * (low + high), high < FAILED); }
    if (high < FAILED && high - low <= 1e-5 * high) { return high; }
    if (!(next * values[at_values] < 1e9)) { return FAILED; }
    follow(next - u);
    u = next;
  }
  return FAILED;
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.count) { return; }
  let i = params.first + id.x;
  load(i);
  let background = reset();
  var limit = 0.0;
  var code = 4.0;
  if (values[at_values] > 0.0) {
    let saturated = n >= background && !has_leak();
    var best = 0.0;
    if (!saturated) { best = best_loss(background); }
    let poi_hat = select(x[0], (n - background) / values[at_values], saturated);
    limit = limit_from(best, poi_hat, background);
    var repeat = limit >= FAILED || best > 30.0 || n > 10000.0 || background > 10000.0;
    for (var k = 1u; k < K; k++) { repeat = repeat || kind(k) == TWO_WAY; }
    code = select(0.0, 1.0, repeat);
  }
  result[2u * i] = limit;
  result[2u * i + 1u] = code;
}
