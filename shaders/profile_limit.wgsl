// Upper limit of the profile likelihood. Formula and twin: src/kernels/profile_limit.ts, shared/profile-scan.ts. One
// invocation per (window, n). f32: 1e-4 relative to 1e4 events; code 1 = repeat in f64 (no convergence, two minima, a best
// fit so bad that differences lose digits).

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.count) { return; }
  let i = params.first + id.x;
  load(i);
  let z = params.z;
  let s = values[at_values];
  let saturated = n >= background && !leaks;
  var best = select(FAILED, 0.0, saturated);
  var hat = (n - background) / s;
  var low = hat;
  var high = FAILED;
  var u = hat;
  var limit = FAILED;
  for (var round = 0u; round < 45u && s > 0.0; round++) {
    var loss = 0.0;
    if (round > 0u || !saturated) {
      if (round == 0u) { x[0] = select(0.0, max(1.0, n - background) / s, leaks); }
      loss = minimise(round == 0u && leaks);
    }
    if (loss >= FAILED) { break; }
    if (round == 0u) {
      if (!saturated) {
        best = loss;
        hat = x[0];
      }
      low = hat;
      u = hat + z * (sqrt(max(n, background)) + 0.5 * z) / s;
      x[0] = u;
      continue;
    }
    let root = sqrt(2.0 * max(0.0, loss - best));
    let rise = signal_slope() * means[0] / u;
    if (root < z) { low = u; } else { high = u; }
    let farthest = hat + 10.0 * (u - hat);
    var next = farthest;
    if (root > 1e-2 * z && rise > 0.0) { next = min(farthest, u - (root - z) * root / rise); }
    if (abs(next - u) <= 1e-4 * u) {
      limit = next;
      break;
    }
    if (!(next > low && next < high)) { next = select(farthest, 0.5 * (low + high), high < FAILED); }
    if (high - low <= 1e-5 * high) { limit = high; }
    if (!(next * s < 1e9) || limit < FAILED) { break; }
    u = next;
    x[0] = u;
  }
  let repeat = limit >= FAILED || best > 30.0 || max(n, background) > 10000.0 || two_way;
  result[2u * i] = select(0.0, limit, limit < FAILED && s > 0.0);
  result[2u * i + 1u] = select(4.0, select(0.0, 1.0, repeat), s > 0.0);
}
