// Discovery statistic q0 of a counting window. Formula and twin: src/kernels/profile_p0.ts, shared/profile-scan.ts. One
// invocation per (window, n). f32: |dZ| below 1e-3 to 1e4 events; code 1 = repeat in f64 (no convergence, perhaps several
// minima: a large excess that wide components compete for, both-way kinks).

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.count) { return; }
  let i = params.first + id.x;
  load(i);
  let excess = n - background;
  let s = values[at_values];
  let fits_poi = leaks && s > 0.0;
  var losses = vec2f(0.0, 0.0);
  // with the POI free where the band has a leak (else 0: saturated), then without signal
  for (var run = select(1u, 0u, fits_poi); excess > 0.0 && run < 2u; run++) {
    reset();
    for (var k = 1u; k < K && run == 1u; k++) { if (kind(k) == BAND && x[k] == -1.0) { x[k] += 0.1 * excess; } }
    if (run == 0u) { x[0] = max(1.0, excess) / s; }
    losses[run] = minimise(run == 0u);
  }
  let many = two_way || 2.0 * losses.y * widest > 0.25;
  let repeat = excess > 0.0 && (many || n > 10000.0 || max(losses.x, losses.y) > 1000.0);
  result[2u * i] = 2.0 * max(0.0, losses.y - losses.x);
  result[2u * i + 1u] = select(0.0, 1.0, repeat);
}
