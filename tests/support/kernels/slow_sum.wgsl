// Sum of 1/k for k up to n[i]: cost grows with the item, for tests of chunks, progress and stopping. n [n], sum [n].
@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.count) { return; }
  let item = params.first + id.x;
  var total = 0.0;
  for (var k = n[item]; k > 0u; k--) { total += 1.0 / f32(k); }
  sum[item] = total;
}
