// The most significant hypothesis of a toy, undecided fits, up-crossings of a level by q0 = z^2. One invocation per toy.
// Arrays, words and twin: src/kernels/spectrum_best.ts. Powers of 2 and comparisons only: the words of the twin for z in f32.

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.count) { return; }
  let toy = params.first + id.x;
  let start = 4u * params.n_hypotheses * toy;
  var best = 0.0;
  var hypothesis = 0xffffffffu;
  var undecided = 0u;
  var up_crossings = 0u;
  var was_below = false;
  for (var h = 0u; h < params.n_hypotheses; h++) {
    let at = start + 4u * h;
    if (quick[at + 3u] != 0.0) {
      undecided++;
      continue;
    }
    let z = max(0.0, quick[at]);
    if (z > best) {
      best = z;
      hypothesis = h;
    }
    let is_below = z * z < params.level;
    if (was_below && !is_below) { up_crossings++; }
    was_below = is_below;
  }
  result[4u * toy] = select(0u, 1u + u32(min(best, 65535.0) * 65536.0), best > 0.0);
  result[4u * toy + 1u] = hypothesis;
  result[4u * toy + 2u] = undecided;
  result[4u * toy + 3u] = up_crossings;
}
