// n_q = smallest n with P(N <= n) >= q, N ~ E_b[Poisson(b)] (expected limits, methods.md section 2).
// Twin: src/kernels/predictive_quantiles.ts. One invocation per window. A cumulative sum within f32 rounding of a
// quantile is left to f64 (code 1), so that both backends give the same integers.

const ROUNDING = 3e-5;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.count) { return; }
  let i = params.first + id.x;
  let lane_first = items[5u * i];
  let lane_count = items[5u * i + 1u];
  let sum_at = items[5u * i + 3u];
  let size = items[5u * i + 4u];
  let at = sum_at + size;
  for (var j = 0u; j < size; j++) { scratch[sum_at + j] = 0.0; }
  for (var l = lane_first; l < lane_first + lane_count; l++) {
    let ln_scale = count_mixture(l, at, size, at + size, 0u);
    let weight = exp_accurate(lane_values[3u * l] + ln_scale);
    for (var j = 0u; j < size; j++) { scratch[sum_at + j] += weight * scratch[at + j]; }
  }
  let levels = array<f32, 5>(params.q0, params.q1, params.q2, params.q3, params.q4);
  var cumulative = 0.0;
  var level = 0u;
  var code = 0.0;
  for (var j = 0u; j < size && level < 5u; j++) {
    cumulative += scratch[sum_at + j];
    for (var k = level; k < 5u; k++) {
      if (abs(cumulative - levels[k]) < ROUNDING) { code = 1.0; }
      if (cumulative >= levels[k]) {
        result[6u * i + k] = f32(j);
        level = k + 1u;
      }
    }
  }
  for (var k = level; k < 5u; k++) {
    result[6u * i + k] = f32(size);
    code = 1.0;
  }
  result[6u * i + 5u] = code;
}
