// p0 = P(N >= n), N ~ E_b[Poisson(b)]: sum over lanes and background nodes of the tails of one count distribution;
// several components are convolved. Twin: src/kernels/marginal_p0.ts. One invocation per window.
// f32: |dZ| below 1e-3 where code is 0; far tails of convolutions and n above 10000 are left to f64 (code 1).

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.count) { return; }
  let i = params.first + id.x;
  let lane_first = items[5u * i];
  let lane_count = items[5u * i + 1u];
  let n = items[5u * i + 2u];
  let at = items[5u * i + 3u];
  let size = items[5u * i + 4u];
  var upper = LN_ZERO;
  var lower = LN_ZERO;
  var code = select(0.0, 1.0, n > 10000u);
  if (n == 0u) { upper = 0.0; }
  for (var lane = lane_first; n > 0u && n <= 10000u && lane < lane_first + lane_count; lane++) {
    let ln_weight = lane_values[3u * lane];
    if (lanes[4u * lane + 1u] == 1u) {
      let c = lanes[4u * lane];
      let first = components[2u * c];
      for (var f = first; f < first + components[2u * c + 1u]; f++) {
        let tails = ln_tails(f32(n), component_values[2u * c] * nodes[3u * f], component_values[2u * c + 1u]);
        upper = ln_add(upper, ln_weight + nodes[3u * f + 1u] + tails.upper);
        lower = ln_add(lower, ln_weight + nodes[3u * f + 1u] + tails.lower);
        if (!tails.complete) { code = 1.0; }
      }
    } else {
      let ln_scale = count_mixture(lane, at, size, at + size, 0u);
      var above = 0.0;
      var below = 0.0;
      for (var j = 0u; j < n; j++) { below += scratch[at + j]; }
      for (var j = n; j < size; j++) { above += scratch[at + j]; }
      if (above < 1e-9 || below < 1e-9 || scratch[at + size - 1u] > 1e-6 * above) { code = 1.0; }
      upper = ln_add(upper, ln_weight + ln_scale + log(max(above, 1e-38)));
      lower = ln_add(lower, ln_weight + ln_scale + log(max(below, 1e-38)));
    }
  }
  result[3u * i] = min(0.0, max(LN_ZERO, upper));
  result[3u * i + 1u] = min(0.0, max(LN_ZERO, lower));
  result[3u * i + 2u] = code;
}
