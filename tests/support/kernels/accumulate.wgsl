// total = total / 2 + x, in place: repeating or dropping a call shows. Twin: tests/support/kernels/index.ts. x [n], total [n].
@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.count) { return; }
  let item = params.first + id.x;
  total[item] = 0.5 * total[item] + x[item];
}
