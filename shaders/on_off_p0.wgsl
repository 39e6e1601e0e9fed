// p_Bi = I_{1/(1+tau)}(n_on, n_off + 1) as the upper tail of a negative binomial (shape n_off + 1, odds 1/tau).
// Twin: src/kernels/on_off_p0.ts. One invocation per window. f32: |dZ| below 1e-4 up to 1e4 events, else code 1.

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.count) { return; }
  let i = params.first + id.x;
  var tails = Tails(0.0, LN_ZERO, true);
  if (n_on[i] > 0u) { tails = ln_tails(f32(n_on[i]), 1.0 / tau[i], f32(n_off[i]) + 1.0); }
  let complete = tails.complete && n_on[i] + n_off[i] < 10000u;
  result[3u * i] = max(LN_ZERO, tails.upper);
  result[3u * i + 1u] = max(LN_ZERO, tails.lower);
  result[3u * i + 2u] = select(1.0, 0.0, complete);
}
